using System.Globalization;

namespace EdgeAutonomy.Runtime;

/// <summary>What the watchdog found.</summary>
/// <param name="Level">How bad.</param>
/// <param name="Loop">Which loop.</param>
/// <param name="Stage">The stage it stands in, or "wait" or "account".</param>
/// <param name="Phase">What it was doing there.</param>
/// <param name="StalledFor">Time since it last finished a cycle.</param>
/// <param name="CompletedCycles">How many cycles it had finished.</param>
public sealed record StallReport(StallLevel Level, string Loop, string Stage, StagePhase Phase, Duration StalledFor, long CompletedCycles)
{
    /// <summary>Returns one sentence that names loop, stage, time and cycle.</summary>
    public override string ToString()
    {
        string where = Phase == StagePhase.Run ? $"in stage '{Stage}' (Run)" : $"while it {(Phase == StagePhase.Waiting ? "waited for its deadline" : "did its accounts")}";
        string then = Level switch
        {
            StallLevel.Warning => "warning; the stop comes at three times the limit",
            StallLevel.Unhealthy => "unhealthy; the stop comes at three times the limit",
            _ => "actuator made safe, the process ends with 71",
        };
        return string.Create(CultureInfo.InvariantCulture, $"Loop '{Loop}' stalled for {StalledFor} {where}, last completed cycle {CompletedCycles - 1}: {then}.");
    }
}
