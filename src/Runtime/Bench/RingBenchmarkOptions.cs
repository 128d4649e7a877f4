namespace EdgeAutonomy.Runtime;

/// <summary>What <see cref="RingBenchmark"/> measures.</summary>
public sealed record RingBenchmarkOptions
{
    /// <summary>Gets how many round trips are timed; default 1 000 000.</summary>
    public int RoundTrips { get; init; } = 1_000_000;

    /// <summary>Gets how many round trips pass before the timing starts; default 100 000.</summary>
    public int WarmupRoundTrips { get; init; } = 100_000;

    /// <summary>Gets how many items the throughput run moves; default 20 000 000. A tenth of them moves first, uncounted.</summary>
    public long Items { get; init; } = 20_000_000;

    /// <summary>Gets the capacity of the rings, a power of two; default 1024.</summary>
    public int Capacity { get; init; } = 1024;
}
