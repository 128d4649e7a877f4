using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>One rule of replay each; all together, in any mixture, stand in <see cref="ReplayEqualityTests"/>.</summary>
public class ReplayRuleTests
{
    private static readonly LoopPlan Plain = new() { Seed = 7 };

    [Fact]
    public void Replay_PolicyThatDependsOnChance_IsFoundWithStageAndBothValues()
    {
        var rig = new ReplayRig(Plain) { Policy = replay => new ChancePolicy(from: 17, replay ? 0.25f : 0.5f) };
        rig.Run(30);
        var difference = rig.Replay();
        Assert.NotNull(difference);
        Assert.Equal((17UL, "decide", "proposed action: Linear (m/s)", "0.5", "0.25"), (difference.CycleId, difference.Stage, difference.Field, difference.A, difference.B));
        Assert.Equal("Loop 'test' cycle 17 at 0.068000 s, stage 'decide': proposed action: Linear (m/s) is 0.5 in the first, 0.25 in the second.", difference.ToString());
    }

    [Fact]
    public void Replay_PerceiverThatDependsOnChance_IsEqualOnlyFromTheLog()
    {
        var engine = new ReplayRig(Plain with { Perceive = "engine" });
        engine.Run(30);
        Assert.Null(engine.Replay());

        // The same engine called again instead: found at once, although nothing else changed.
        var dice = new FaultDice(0, 0);
        var again = new ReplayRig(Plain) { Perceiver = replay => new WildPerceiver(dice, RandomStream.For(replay ? 2UL : 1UL, "engine"), anytime: false) };
        again.Run(30);
        var difference = again.Replay();
        Assert.NotNull(difference);
        Assert.Equal((0UL, "engine"), (difference.CycleId, difference.Stage));
    }

    [Fact]
    public void Replay_QuantumThatThrows_ThrowsAgain()
    {
        var rig = new ReplayRig(Plain) { Perceiver = _ => new ThrowingRefiner() };
        rig.Run(20);
        Assert.Equal(StageStatus.Failed(FailureCode.Unhandled), CycleRecord.Parse(rig.Records.Last(r => r.Kind == RecordKind.Cycle).Bytes).Status(1));
        Assert.Null(rig.Replay());
    }

    [Fact]
    public void Replay_AnytimeEngineFromLog_RepeatsItsQuanta()
    {
        var rig = new ReplayRig(Plain with { Perceive = "engine-anytime", Budgets = true });
        rig.Run(40);
        Assert.Contains(rig.Records, r => r.Kind == RecordKind.Cycle && CycleRecord.Parse(r.Bytes).Quanta(1) > 2);
        Assert.Null(rig.Replay());
    }

    // The keyframe stands between a missed budget and the call that is left out for it.
    [Theory]
    [InlineData(0, "exact")]
    [InlineData(1, "exact")]
    [InlineData(1, "engine")]
    [InlineData(1, "both")]
    [InlineData(2, "exact")]
    [InlineData(3, "exact")]
    public void Replay_FromBetweenMissAndSkip_IsEqual(int role, string perceive)
    {
        var skip = new[] { OnMiss.Warn, OnMiss.Warn, OnMiss.Warn, OnMiss.Warn };
        skip[role] = OnMiss.Skip;
        // A machine slow enough that every stage misses: every second call of the stage is left out.
        var rig = new ReplayRig(Plain with { Perceive = perceive, Budgets = true, OnMiss = skip, KeyframeCycles = 1, BudgetKillCount = 3 }) { Measure = new ScriptedMeasure { DefaultStep = 60_000 } };
        rig.Run(12);
        int stage = role == 3 ? rig.Description.StageNames.Count - 1 : role == 2 ? rig.Description.StageNames.Count - 2 : role;
        bool skipped = rig.Records.Any(r => r.Kind == RecordKind.Cycle && CycleRecord.Parse(r.Bytes).Status(stage).Outcome == StageOutcome.Skipped);
        Assert.Equal(role != 3, skipped); // the actuator is never left out
        for (int k = 0; k < rig.KeyframeCount; k++)
        {
            var difference = rig.Replay(k);
            Assert.True(difference is null, $"keyframe {k}: {difference}");
        }
    }

    [Fact]
    public void Run_ActuatorOverBudgetWithSkip_CountsEachCallOnce()
    {
        var rig = new ReplayRig(Plain with { Budgets = true, OnMiss = [OnMiss.Warn, OnMiss.Warn, OnMiss.Warn, OnMiss.Skip], BudgetKillCount = 3 }) { Measure = new ScriptedMeasure { DefaultStep = 90_000 } };
        rig.Run(5);
        var statuses = rig.Records.Where(r => r.Kind == RecordKind.Cycle).Select(r => (CycleRecord.Parse(r.Bytes).Status(3), CycleRecord.Parse(r.Bytes).Quanta(3))).ToArray();
        Assert.Equal(
            [(StageStatus.Ok, 1), (StageStatus.Ok, 1), (StageStatus.Failed(FailureCode.Budget), 1), (StageStatus.Failed(FailureCode.Budget), 1), (StageStatus.Failed(FailureCode.Budget), 1)], statuses);
    }

    [Fact]
    public void Replay_EngineThatFailedHalfWay_IsEqual()
    {
        // Killed for its time after it has written its percept: what it wrote is in no record.
        var rig = new ReplayRig(Plain with { Perceive = "engine", Budgets = true, BudgetOf = "engine", BudgetKillCount = 1, FaultShare = 0.2 }) { Measure = new ScriptedMeasure { DefaultStep = 90_000 } };
        rig.Run(20);
        Assert.Contains(rig.Records, r => r.Kind == RecordKind.Cycle && CycleRecord.Parse(r.Bytes).Status(1) == StageStatus.Failed(FailureCode.Budget));
        for (int k = 0; k < rig.KeyframeCount; k++) Assert.Null(rig.Replay(k));
    }

    [Fact]
    public void Replay_StopFromOutsideAndRelease_IsEqual()
    {
        var rig = new ReplayRig(Plain with { KeyframeCycles = 5 })
        {
            BeforeCycle = (loop, i) =>
            {
                if (i == 10) loop.StopNow();
                if (i == 20) loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.ClearStop });
            },
        };
        rig.Run(40);
        var rungs = rig.Records.Where(r => r.Kind == RecordKind.Cycle).Select(r => CycleRecord.Parse(r.Bytes).Rung).ToArray();
        Assert.Equal(Rung.SafeStop, rungs[10]);
        Assert.True(rungs[39] < Rung.SafeStop);
        for (int k = 0; k < rig.KeyframeCount; k++) Assert.Null(rig.Replay(k));
    }

    [Fact]
    public void Replay_RecordMissing_SaysWhichCycleIsThere()
    {
        var rig = new ReplayRig(Plain);
        rig.Run(5);
        rig.Records.RemoveAt(rig.Records.FindIndex(r => r.Kind == RecordKind.Cycle && CycleRecord.Parse(r.Bytes).CycleId == 2));
        var error = Assert.Throws<InvalidDataException>(() => rig.Replay());
        Assert.Contains("it is at cycle 2, the recording gives cycle 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_RecordUsedTwiceOrNone_IsRefused()
    {
        var feed = new ReplayFeed("test");
        Assert.Contains("nothing more", Assert.Throws<InvalidDataException>(() => feed.Next(0)).Message, StringComparison.Ordinal);
        var rig = new ReplayRig(Plain);
        rig.Run(1);
        feed.Load(rig.Records.Single(r => r.Kind == RecordKind.Cycle).Bytes);
        feed.Next(0);
        Assert.Contains("nothing more", Assert.Throws<InvalidDataException>(() => feed.Next(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MoreInputsThanACycleTakes_IsRefused()
    {
        var rig = new ReplayRig(Plain);
        rig.Run(1);
        byte[] inputs = new byte[17 * LoopInput.FrozenBytes];
        byte[] record = [.. rig.Records.Single(r => r.Kind == RecordKind.Cycle).Bytes, .. BitConverter.GetBytes((ushort)SectionKind.Inputs), 0, 0, .. BitConverter.GetBytes(inputs.Length), .. inputs, .. new byte[-inputs.Length & 7]];
        Assert.Throws<InvalidDataException>(() => new ReplayFeed("test").Load(record));
    }

    private sealed class ChancePolicy(ulong from, float linear) : IPolicy<Reading, Twist2>
    {
        public string Name => "decide";

        public StageStatus Decide(in Reading percept, ref Decision<Twist2> decision, in CycleContext context)
        {
            decision.Action = new Twist2(context.CycleId < from ? 0 : linear, 0);
            return StageStatus.Ok;
        }
    }

    private sealed class ThrowingRefiner : IAnytimePerceiver<Reading, Reading>
    {
        public string Name => "refine";

        public StageStatus Perceive(in Reading sample, ref Reading percept, in CycleContext context) => StageStatus.Ok;

        public RefineResult Refine(in Reading sample, ref Reading percept, in CycleContext context) =>
            percept.Y < 3 || context.CycleId < 5 ? Next(ref percept) : throw new InvalidOperationException("third quantum");

        private static RefineResult Next(ref Reading percept)
        {
            percept = percept with { Y = percept.Y + 1 };
            return new RefineResult(percept.Y % 3 == 0 ? RefineProgress.Converged : RefineProgress.Improved, (float)(percept.Y * 1e-3));
        }
    }
}
