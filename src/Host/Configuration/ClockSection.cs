namespace EdgeAutonomy.Host;

/// <summary>The clock that the loops wait on.</summary>
public sealed class ClockSection
{
    /// <summary>Gets which clock.</summary>
    [Option("Real waits; Sim jumps from deadline to deadline.")]
    public ClockMode Mode { get; init; } = ClockMode.Real;

    /// <summary>Gets how long before a deadline the thread wakes and spins.</summary>
    [Option("How long before a deadline the thread wakes and spins: exact waking, paid in processor time.", Min = 0, Max = 10_000)]
    public double SpinAheadUs { get; init; } = 150;
}

/// <summary>The kinds of clock.</summary>
public enum ClockMode
{
    /// <summary>The machine's monotonic clock.</summary>
    Real,

    /// <summary>A clock that jumps.</summary>
    Sim,
}
