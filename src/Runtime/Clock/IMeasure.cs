namespace EdgeAutonomy.Runtime;

/// <summary>A stopwatch for measured time: stage stamps, lateness, latencies. Never a source of logical time.</summary>
/// <remarks>What is decided from it must be recorded, because a replay measures something else. Thread-safe, allocation-free.</remarks>
public interface IMeasure
{
    /// <summary>Returns the measured instant in nanoseconds since an arbitrary origin. Never goes backwards.</summary>
    long Now();
}
