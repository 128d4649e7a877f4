namespace EdgeAutonomy.Runtime;

/// <summary>Reads the world: drains what its driver received and hands out one sample per cycle.</summary>
/// <typeparam name="TSample">The sample: an unmanaged struct or a reusable object that is overwritten in place.</typeparam>
public interface ISensor<TSample> : IStage
{
    /// <summary>Takes what arrived since the last call.</summary>
    /// <param name="request">The sensing request made in the previous cycle (already merged and checked for expiry).</param>
    /// <param name="sample">Overwritten when the outcome is Ok or Degraded; untouched on NoOutput.</param>
    /// <param name="report">What was really done, when the data was valid, and how far it can be trusted.</param>
    /// <param name="context">The frozen cycle.</param>
    /// <returns>NoOutput when nothing new arrived. A field of the request that the sensor cannot honour is reported in
    /// <see cref="SensorReport.Applied"/>; it is never a failure.</returns>
    StageStatus Sense(in SensingRequest request, ref TSample sample, ref SensorReport report, in CycleContext context);
}
