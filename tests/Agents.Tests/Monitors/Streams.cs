namespace EdgeAutonomy.Agents.Tests;

/// <summary>Synthetic records and reports for the monitors.</summary>
internal static class Streams
{
    private static readonly ActionCall _wait = new("wait", [], "wait");

    public static MissionReport Report(bool succeeded, int steps = 40, int grounded = 40, int limit = 40) =>
        new("m", succeeded ? MissionOutcome.Succeeded : MissionOutcome.Failed, steps, limit, grounded, succeeded ? 1 : 0, 0, "");

    public static DecisionRecord Decided(float? logProbability = null, float? progress = null, params (ActionCall, float)[] alternatives) =>
        Record(logProbability, progress, alternatives, Attempt(AttemptFailure.None));

    public static DecisionRecord Refused(GuardStage stage, GuardReason reason) => Record(null, null, [], Attempt(AttemptFailure.Refused) with { Stage = stage, Reason = reason }, Attempt(AttemptFailure.None));

    public static DecisionRecord Failed(AttemptFailure failure) => Record(null, null, [], Attempt(failure), Attempt(AttemptFailure.None) with { Source = DecisionSource.Planner });

    private static DecisionAttempt Attempt(AttemptFailure failure) => new(DecisionSource.Policy, "p", failure, GuardStage.None, GuardReason.None, "", null, TimeSpan.Zero, null);

    private static DecisionRecord Record(float? logProbability, float? progress, (ActionCall, float)[] alternatives, params DecisionAttempt[] attempts) =>
        new("m", 0, 1, 2, 3, _wait, DecisionSource.Policy, "p", logProbability, alternatives, progress, TimeSpan.Zero, TimeSpan.FromSeconds(1.5), [.. attempts]);
}
