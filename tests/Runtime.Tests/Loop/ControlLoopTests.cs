using System.Buffers;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime.Tests.Loop;

public class ControlLoopTests
{
    private static readonly Duration Ms = Duration.FromMilliseconds(1);

    [Fact]
    public void RunOnce_AllStages_RunInOrderAndTagsFollowTheGrid()
    {
        var order = new List<string>();
        var rig = new Rig();
        rig.Sensor.Status = _ => Note("sense");
        rig.Perceiver.Status = _ => Note("perceive");
        rig.Policy.Action = _ => { order.Add("decide"); return new Twist2(0.5f, 0); };
        rig.Actuator.Status = _ => Note("act");
        var loop = rig.Build();
        loop.RunOnce();
        loop.RunOnce();
        Assert.Equal(["sense", "perceive", "decide", "act", "sense", "perceive", "decide", "act"], order);
        Assert.Equal(1u, loop.Cycle.Id);
        Assert.Equal(Ms * 4, loop.Cycle.Dt);
        Assert.Equal(new Stamp(4_000_000), loop.Cycle.Tag);
        Assert.Equal(new Stamp(8_000_000), loop.NextDeadline);

        StageStatus Note(string what)
        {
            order.Add(what);
            return StageStatus.Ok;
        }
    }

    [Fact]
    public void RunOnce_FirstCycle_HasZeroDt()
    {
        var loop = new Rig().Build();
        loop.RunOnce();
        Assert.Equal(Duration.Zero, loop.Cycle.Dt);
    }

    [Theory]
    [InlineData(0.9, OverrunPolicy.SkipSlots, 0, 4)]  // late by less than a period: run at once, keep the grid
    [InlineData(9.0, OverrunPolicy.SkipSlots, 2, 12)] // two whole slots passed: dt is the tag difference
    [InlineData(9.0, OverrunPolicy.CatchUp, 1, 8)]
    public void RunOnce_LateWake_SkipsWholeSlots(double lateMs, OverrunPolicy policy, int skipped, int dtMs)
    {
        var clock = new LateClock();
        var rig = new Rig { Clock = clock };
        rig.Options = rig.Options with { MeasuredDecisions = true, OnOverrun = policy };
        var loop = rig.Build();
        loop.RunOnce();
        clock.NextLateness = Duration.FromMilliseconds(lateMs);
        loop.RunOnce();
        Assert.Equal(skipped, loop.Cycle.SkippedSlots);
        Assert.Equal(Ms * dtMs, loop.Cycle.Dt);
        Assert.Equal(skipped > 0, loop.Cycle.Flags.HasFlag(CycleFlags.GapBefore));
        Assert.Equal(0, loop.NextDeadline.Nanoseconds % 4_000_000);
    }

    [Fact]
    public void RunOnce_WarmUp_SendsSafeAction()
    {
        var rig = new Rig();
        rig.Options = rig.Options with { WarmUpCycles = 3 };
        var loop = rig.Build();
        for (int i = 0; i < 4; i++) loop.RunOnce();
        Assert.Equal([Twist2.Rest, Twist2.Rest, Twist2.Rest, new Twist2(0.5f, 0.1f)], rig.Actuator.Sent);
    }

    [Fact]
    public void RunOnce_HundredThousandCycles_AllocatesNothing()
    {
        var rig = new Rig();
        rig.Options = rig.Options with { MeasuredDecisions = true };
        rig.Actuator.Keep = false;
        var loop = rig.Build();
        for (int i = 0; i < 2000; i++) loop.RunOnce();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100_000; i++) loop.RunOnce();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void RunOnce_AllocatingStage_IsSeenByTheSameMeasure() // negative control of the test above
    {
        var rig = new Rig();
        rig.Policy.Action = _ => new Twist2(new float[3].Length * 0.1f, 0);
        rig.Actuator.Keep = false;
        var loop = rig.Build();
        for (int i = 0; i < 2000; i++) loop.RunOnce();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) loop.RunOnce();
        Assert.True(GC.GetAllocatedBytesForCurrentThread() > before);
    }

    [Fact]
    public void StateHash_SameSeed_EqualEveryCycle_OtherSeed_Differs()
    {
        Assert.Equal(Hashes(7), Hashes(7));
        Assert.NotEqual(Hashes(7)[0], Hashes(8)[0]);

        static List<ulong> Hashes(ulong seed)
        {
            var rig = new Rig();
            rig.Options = rig.Options with { Seed = seed };
            var loop = rig.Build();
            var hashes = new List<ulong>();
            for (int i = 0; i < 200; i++)
            {
                loop.RunOnce();
                hashes.Add(loop.Cycle.StateHash);
            }
            return hashes;
        }
    }

    [Fact]
    public void Thaw_InTheMiddle_ContinuesWithTheSameHashes()
    {
        var first = Faulty().Build();
        for (int i = 0; i < 57; i++) first.RunOnce();
        var bytes = new ArrayBufferWriter<byte>();
        first.Freeze(bytes);

        var rig = Faulty();
        var second = rig.Build();
        second.Thaw(bytes.WrittenSpan);
        rig.Sim.AdvanceTo(second.NextDeadline);
        for (int i = 0; i < 200; i++)
        {
            first.RunOnce();
            second.RunOnce();
            Assert.Equal(first.Cycle.StateHash, second.Cycle.StateHash);
            Assert.Equal(first.Cycle.Rung, second.Cycle.Rung);
        }

        // Fails every fifth cycle around the keyframe, so the ladder's windows and dwell are part of what must come back.
        static Rig Faulty()
        {
            var rig = new Rig { Pacer = new EventRatePacer(PeriodGrid.Default, 40) };
            rig.Perceiver.Status = c => c.CycleId % 5 == 0 && c.CycleId < 120 ? StageStatus.Failed(FailureCode.BadInput) : StageStatus.Ok;
            return rig;
        }
    }

    [Fact]
    public void Thaw_InFrontOfEveryCycle_ContinuesWithTheSameHashes()
    {
        const int Cycles = 90, Follow = 12;
        var rig = Patchy();
        var loop = rig.Build();
        var keyframes = new List<byte[]>();
        var hashes = new List<ulong>();
        for (int i = 0; i < Cycles + Follow; i++)
        {
            var bytes = new ArrayBufferWriter<byte>();
            loop.Freeze(bytes);
            keyframes.Add(bytes.WrittenSpan.ToArray());
            loop.RunOnce();
            hashes.Add(loop.Cycle.StateHash);
        }
        for (int k = 0; k < Cycles; k++)
        {
            var again = Patchy();
            var thawed = again.Build();
            thawed.Thaw(keyframes[k]);
            for (int i = k; i < k + Follow; i++)
            {
                var bytes = new ArrayBufferWriter<byte>();
                thawed.Freeze(bytes);
                Assert.True(keyframes[i].AsSpan().SequenceEqual(bytes.WrittenSpan), $"thawed in front of cycle {k}, the keyframe of cycle {i} differs");
                again.Sim.AdvanceTo(thawed.NextDeadline);
                thawed.RunOnce();
                Assert.True(hashes[i] == thawed.Cycle.StateHash, $"thawed in front of cycle {k}, cycle {i} differs");
            }
        }

        // Nothing new in two cycles of three, failures of every stage in between: what counts then is what the keyframe remembers of earlier cycles.
        static Rig Patchy()
        {
            var rig = new Rig { Pacer = new EventRatePacer(PeriodGrid.Default, 40) };
            rig.Perceivers.Add(new ScriptedPerceiver("second"));
            rig.Sensor.Status = c => c.CycleId % 3 != 0 ? StageStatus.NoOutput : c.CycleId % 21 == 0 ? StageStatus.Failed(FailureCode.Unavailable) : StageStatus.Ok;
            rig.Perceivers[1].Status = c => c.CycleId % 12 == 0 ? StageStatus.Failed(FailureCode.BadInput) : StageStatus.Ok;
            rig.Policy.Action = c => new Twist2(0.1f * (c.CycleId % 7), 0);
            rig.Policy.Amend = (c, d) => d with { PeriodLimit = Duration.FromMilliseconds(2 + c.CycleId % 11), TimeToContact = c.CycleId % 9 };
            return rig;
        }
    }

    [Fact]
    public void Thaw_TruncatedKeyframe_SaysSo()
    {
        var loop = new Rig().Build();
        var bytes = new ArrayBufferWriter<byte>();
        loop.Freeze(bytes);
        for (int cut = 0; cut < bytes.WrittenCount; cut += 7)
        {
            var error = Assert.Throws<InvalidDataException>(() => new Rig().Build().Thaw(bytes.WrittenSpan[..cut]));
            Assert.NotEmpty(error.Message);
        }
    }

    [Fact]
    public void Request_MadeInCycleN_IsInForceInCycleNPlus1AndExpires()
    {
        var rig = new Rig();
        rig.Sensor.KeepRequests = true;
        rig.Policy.Amend = (c, d) =>
        {
            if (c.CycleId == 3) d.Request = new SensingRequest { EventThreshold = 0.5f, Sectors = SectorMask.All, Origin = RequestOrigin.Policy, ExpiresCycle = 5 };
            return d;
        };
        var loop = rig.Build();
        for (int i = 0; i < 8; i++) loop.RunOnce();
        Assert.Equal([0, 0, 0, 0, 0.5f, 0.5f, 0, 0], rig.Sensor.Requests.ConvertAll(r => r.EventThreshold));
    }

    [Fact]
    public void Chain_MiddleStageWithoutOutput_LeavesTheRestOut()
    {
        var rig = new Rig();
        rig.Perceivers.Add(new ScriptedPerceiver("second"));
        rig.Perceivers.Add(new ScriptedPerceiver("third"));
        rig.Perceivers[1].Status = c => c.CycleId == 1 ? StageStatus.NoOutput : c.CycleId == 2 ? StageStatus.Failed(FailureCode.BadInput) : StageStatus.Ok;
        var loop = rig.Build();
        loop.RunOnce();
        loop.RunOnce();
        Assert.Equal(StageOutcome.NoOutput, loop.Cycle.Statuses[3].Outcome);
        Assert.Equal(StageOutcome.NoOutput, loop.Cycle.Statuses[4].Outcome);
        loop.RunOnce();
        Assert.Equal(StageOutcome.Failed, loop.Cycle.Statuses[2].Outcome);
        Assert.Equal(StageOutcome.Skipped, loop.Cycle.Statuses[3].Outcome);
        Assert.Equal(1, rig.Perceivers[2].Calls);
        Assert.Equal(6, loop.StageNames.Count);
    }

    [Fact]
    public void Constructor_TwoStagesOfOneName_Refused()
    {
        var rig = new Rig();
        rig.Perceivers.Add(new ScriptedPerceiver("perceive"));
        var error = Assert.Throws<ArgumentException>(() => rig.Build());
        Assert.Contains("sense, perceive, perceive, decide, act", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sink_EveryCycle_SeesTheFinishedCycle()
    {
        var sink = new CountingSink();
        var rig = new Rig();
        rig.Sinks.Add(sink);
        var loop = rig.Build();
        for (int i = 0; i < 5; i++) loop.RunOnce();
        Assert.Equal([0, 1, 2, 3, 4], sink.Ids);
        Assert.All(sink.Hashes, h => Assert.NotEqual(0u, h));
    }

    private sealed class CountingSink : ICycleSink
    {
        public List<ulong> Ids { get; } = [];
        public List<ulong> Hashes { get; } = [];

        public void OnCycle(Cycle cycle)
        {
            Ids.Add(cycle.Id);
            Hashes.Add(cycle.StateHash);
        }
    }
}
