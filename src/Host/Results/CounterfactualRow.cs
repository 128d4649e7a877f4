namespace EdgeAutonomy.Host;

/// <summary>What another configuration would have done with the recorded inputs of one loop.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="FirstChangedAction">First cycle with another action; everything behind it is open loop, the sensors no longer react to it. Null = no action differs.</param>
/// <param name="Cycles">Cycles compared.</param>
/// <param name="ChangedActions">Cycles with another action.</param>
/// <param name="ChangedPeriods">Cycles with another next period.</param>
/// <param name="ChangedRungs">Cycles on another rung.</param>
/// <param name="RmsLinear">Root mean square of the difference of speed, m/s.</param>
/// <param name="MaxLinear">Greatest difference of speed, m/s.</param>
/// <param name="RmsAngular">Root mean square of the difference of turn rate, rad/s.</param>
/// <param name="MaxAngular">Greatest difference of turn rate, rad/s.</param>
/// <param name="RecordedPeriodMs">Mean recorded period.</param>
/// <param name="PeriodMs">Mean period that would have been chosen.</param>
public sealed record CounterfactualRow(
    string Loop, ulong? FirstChangedAction, long Cycles, long ChangedActions, long ChangedPeriods, long ChangedRungs,
    double RmsLinear, double MaxLinear, double RmsAngular, double MaxAngular, double RecordedPeriodMs, double PeriodMs);
