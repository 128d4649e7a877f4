namespace EdgeAutonomy.Agents;

/// <summary>How long a decision may take and how often sources are asked.</summary>
public sealed class AgentRuntimeOptions
{
    /// <summary>Gets the time for one decision, re-asks and fallbacks included; default 1.5 s, in [10 ms, 60 s].</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Gets the part of <see cref="Deadline"/> kept for the compact policy when the first source is slow; default 100 ms.</summary>
    public TimeSpan Reserve { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets how often one source is asked again after a refusal; default 2, in [0, 8].</summary>
    public int MaxReasks { get; init; } = 2;

    /// <summary>Gets how many failed decisions in a row open a source's circuit; default 3, at least 1.</summary>
    public int CircuitFailures { get; init; } = 3;

    /// <summary>Gets how long an open circuit lets nothing through before one trial; default 30 s, more than 0.</summary>
    public TimeSpan CircuitPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how many past commands a policy is told; default 12, in [0, 256].</summary>
    public int History { get; init; } = 12;

    /// <summary>Gets whether policies run on a thread of the pool; default true.</summary>
    /// <remarks>With false a policy that blocks its thread blocks the mission too: for tests and for policies known to answer at once.</remarks>
    public bool OffThread { get; init; } = true;

    internal void Validate()
    {
        if (Deadline < TimeSpan.FromMilliseconds(10) || Deadline > TimeSpan.FromMinutes(1)) throw new ArgumentException($"Agent runtime: Deadline is {Deadline}; must be in [10 ms, 60 s].");
        if (Reserve < TimeSpan.Zero || Reserve >= Deadline) throw new ArgumentException($"Agent runtime: Reserve is {Reserve}; must be in [0, Deadline = {Deadline}).");
        if (MaxReasks is < 0 or > 8) throw new ArgumentException($"Agent runtime: MaxReasks is {MaxReasks}; must be in [0, 8].");
        if (CircuitFailures < 1) throw new ArgumentException($"Agent runtime: CircuitFailures is {CircuitFailures}; must be at least 1.");
        if (CircuitPause <= TimeSpan.Zero) throw new ArgumentException($"Agent runtime: CircuitPause is {CircuitPause}; must be more than 0.");
        if (History is < 0 or > 256) throw new ArgumentException($"Agent runtime: History is {History}; must be in [0, 256].");
    }
}
