namespace EdgeAutonomy.Runtime;

/// <summary>Hashes a finished cycle: each stage for itself, then the run up to here.</summary>
/// <remarks>
/// A stage's hash covers its output and its state. The outside world has no state that a replay could have: sensors, actuators and stages that are replayed
/// from the log are hashed by their output alone, and one that brought nothing by nothing, since what it left in the payload must not be read.
/// </remarks>
internal static class CycleHash
{
    public static ulong Next<TSample, TPercept, TAction>(
        ulong before, TypedCycle<TSample, TPercept, TAction> cycle, LoopStages<TSample, TPercept, TAction> stages, HealthLadder ladder, PeriodGovernor governor)
        where TSample : IPayload
        where TPercept : IPayload
        where TAction : unmanaged, IPayload
    {
        var hashes = cycle.StageHashes;
        hashes[0] = cycle.Statuses[0].HasOutput ? Of(cycle.Sample, null) : 0;
        stages.Perceive.Hash(cycle.Percept, cycle);
        hashes[^2] = Of(cycle.Decision.Action, stages.Policy);
        hashes[^1] = Of(cycle.Applied, null);
        var all = new StateHasher(before);
        cycle.AddTo(ref all);
        ladder.AddTo(ref all);
        governor.AddTo(ref all);
        return all.Value;
    }

    private static ulong Of<T>(in T payload, IStage? stage) where T : IPayload
    {
        var hasher = new StateHasher(0);
        payload.AddTo(ref hasher);
        if (stage is { Replay: StageReplay.Exact } and IPayload state) state.AddTo(ref hasher);
        return hasher.Value;
    }
}
