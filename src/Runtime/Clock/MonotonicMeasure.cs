namespace EdgeAutonomy.Runtime;

/// <summary>Measured time of the machine, on the same base as <see cref="RealClock"/>. One call takes 20 to 30 ns.</summary>
public sealed class MonotonicMeasure : IMeasure
{
    /// <summary>The instance everybody shares; it has no state.</summary>
    public static readonly MonotonicMeasure Instance = new();

    /// <inheritdoc/>
    public long Now() => MonotonicTime.Nanoseconds();
}
