using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>What one loop of a service came to.</summary>
/// <param name="Name">The loop.</param>
/// <param name="Cycles">Finished cycles.</param>
/// <param name="Rung">The last health rung.</param>
/// <param name="WorstRung">The worst rung it was on.</param>
/// <param name="Misses">Cycles that missed a budget or the period.</param>
/// <param name="SkippedSlots">Deadlines left out because the loop was late.</param>
/// <param name="Failures">Cycles with a failed stage.</param>
/// <param name="Dropped">Items its sensor lost.</param>
/// <param name="LatencyUs">The time of a cycle's work.</param>
/// <param name="LatenessUs">How late it woke.</param>
/// <param name="EnergyJoules">Estimated energy.</param>
public sealed record LoopResult(
    string Name, long Cycles, string Rung, string WorstRung, long Misses, long SkippedSlots, long Failures, long Dropped,
    LatencyUs LatencyUs, LatencyUs LatenessUs, double EnergyJoules)
{
    /// <summary>Reads a loop's statistics.</summary>
    public static LoopResult Of(IControlLoop loop)
    {
        var s = loop.Statistics;
        return new LoopResult(
            loop.Name, s.Cycles, s.Rung.ToString(), s.WorstRung.ToString(), s.Misses, s.SkippedSlots, s.Failures, s.Dropped,
            LatencyUs.Of(s.EndToEnd), LatencyUs.Of(s.Lateness), s.EnergyJoules);
    }
}
