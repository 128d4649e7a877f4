using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>A pacer by name: <c>policy</c>, <c>event-rate</c>, <c>error-controlled</c>, <c>learned</c> or <c>fixed:MS</c>.</summary>
internal sealed record PacerChoice(string Name, PeriodPolicy Policy, double FixedMs)
{
    // 2000 events a cycle: about 16 ms in front of a quiet wall, 4 ms in a turn at full speed (docs/results.md compares pacers).
    private const double EventsPerCycle = 2000;

    /// <summary>Gets the pacer of a joint policy: the policy itself, from 1 to 32 ms, which its training covered.</summary>
    public static PacerChoice Own { get; } = new("policy", PeriodPolicy.Policy, 0);

    /// <summary>Gets the pacer of the rules.</summary>
    public static PacerChoice Standard { get; } = new("event-rate", PeriodPolicy.EventRate, 0);

    /// <summary>Gets the choice as a section of a configuration.</summary>
    public PeriodSection Section => Policy is PeriodPolicy.Policy or PeriodPolicy.Learned
        ? new() { Policy = Policy, MinMs = 1, MaxMs = 32, GrowDwellCycles = 0 }
        : new() { Policy = Policy, MinMs = 1, MaxMs = 32, FixedMs = FixedMs, TargetEvents = EventsPerCycle };

    /// <summary>Finds a pacer.</summary>
    /// <param name="text">Its name; null = the standard one.</param>
    /// <exception cref="EdgeException">There is no such pacer.</exception>
    public static PacerChoice Parse(string? text)
    {
        switch (text)
        {
            case null or "event-rate": return Standard;
            case "learned": return new PacerChoice(text, PeriodPolicy.Learned, 0);
            case "error-controlled": return new PacerChoice(text, PeriodPolicy.ErrorControlled, 0);
        }
        if (text.StartsWith("fixed:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int ms) && ms is 1 or 2 or 4 or 8 or 16 or 32)
        {
            return new PacerChoice(text, PeriodPolicy.Fixed, ms);
        }
        throw new EdgeException(ExitCode.Usage, $"--pacer is '{text}'; must be event-rate, error-controlled, learned or fixed:MS with MS one of 1, 2, 4, 8, 16, 32.");
    }
}
