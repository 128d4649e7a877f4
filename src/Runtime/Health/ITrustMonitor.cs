namespace EdgeAutonomy.Runtime;

/// <summary>Judges how far a sample can be trusted.</summary>
/// <typeparam name="TSample">The sample.</typeparam>
public interface ITrustMonitor<TSample>
{
    /// <summary>Returns the trust in [0, 1]; NaN counts as no trust. Must not allocate or block.</summary>
    float Score(in TSample sample, in SensorReport report, in CycleContext context);
}
