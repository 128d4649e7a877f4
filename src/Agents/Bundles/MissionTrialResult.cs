using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>What one mission of a trial gave.</summary>
/// <param name="Report">How it ended.</param>
/// <param name="Latencies">Time from each question to its answer.</param>
/// <param name="Commands">What was carried out, in order.</param>
public sealed record MissionTrialResult(MissionReport Report, ImmutableArray<TimeSpan> Latencies, ImmutableArray<string> Commands)
{
    /// <summary>Gets whether the mission's goal was reached.</summary>
    public bool Succeeded => Report.Outcome == MissionOutcome.Succeeded;
}
