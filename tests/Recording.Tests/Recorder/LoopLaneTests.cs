using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Recording.Tests;

public class LoopLaneTests
{
    [Fact]
    public void OnCycle_RecorderTooSlow_MarksExactlyTheMissingCyclesAndBringsAKeyframeAtOnce()
    {
        var rig = new RecordedRig("a", 1 << 14);
        rig.Run(5);
        var before = rig.Take();
        Assert.Equal([RecordKind.Keyframe, .. Enumerable.Repeat(RecordKind.Cycle, 5)], before.Select(r => r.Kind));
        while (rig.Lane.Ring.Dropped == 0) rig.Run(1);
        rig.Run(3);
        var inside = rig.Take();
        ulong lastInside = Id(inside.Last(r => r.Kind == RecordKind.Cycle));
        ulong now = (ulong)rig.Loop.CompletedCycles;
        rig.Run(4);
        var after = rig.Take();
        // The gap first, whole and without overlap; a keyframe before the first cycle that can be replayed again.
        Assert.Equal(RecordKind.Gap, after[0].Kind);
        var gap = RecordGap.Read(after[0].Bytes);
        Assert.Equal((lastInside + 1, now - 1), (gap.First, gap.Last));
        Assert.DoesNotContain(after.Skip(1), r => r.Kind == RecordKind.Gap);
        int keyframe = after.FindIndex(r => r.Kind == RecordKind.Keyframe);
        Assert.InRange(keyframe, 1, 2);
        Assert.Equal(Id(after.First(r => r.Kind == RecordKind.Cycle)), now);
        AssertOrder([.. before, .. inside, .. after]);
        Assert.Null(RecordedRig.Replay(after, keyframe));
    }

    // Any pattern of reading: whatever is missing is marked, and behind every keyframe the cycles go on until the next gap.
    [Fact]
    public void OnCycle_AnyReader_NeverHidesALoss()
    {
        int gaps = 0;
        for (ulong seed = 1; seed <= 25; seed++)
        {
            var random = RandomStream.For(seed, "reader");
            var rig = new RecordedRig("a", 1 << (14 + random.NextInt32(2)));
            var all = new List<(RecordKind Kind, byte[] Bytes)>();
            for (int i = 0; i < 300; i++)
            {
                rig.Run(1);
                if (random.NextInt32(40) == 0) rig.Lane.KeyframeRequested = true;
                if (random.NextInt32(12) > 0) continue;
                all.AddRange(rig.Take(random.NextInt32(22)));
            }
            all.AddRange(rig.Take());
            AssertOrder(all);
            gaps += all.Count(r => r.Kind == RecordKind.Gap);
            long lost = all.Where(r => r.Kind == RecordKind.Gap).Sum(r => RecordGap.Read(r.Bytes) is var g ? (long)(g.Last - g.First) + 1 : 0);
            Assert.True(lost <= rig.Lane.Ring.Dropped);
            for (int i = 0; i < all.Count; i++)
            {
                if (all[i].Kind != RecordKind.Keyframe) continue;
                var difference = RecordedRig.Replay(all, i);
                Assert.True(difference is null, $"seed {seed}, record {i}: {difference}");
            }
        }
        Assert.True(gaps > 50, $"only {gaps} gaps: the readers were too fast to show anything");
    }

    [Fact]
    public void OnCycle_Hold_WaitsForTheReaderAndLosesNothing()
    {
        var rig = new RecordedRig("a", 1 << 14, onFull: RecordFullPolicy.Hold);
        var loop = new Thread(() => rig.Run(2000));
        loop.Start();
        var all = new List<(RecordKind Kind, byte[] Bytes)>();
        while (loop.IsAlive) all.AddRange(rig.Take());
        all.AddRange(rig.Take());
        Assert.Equal(0, rig.Lane.Ring.Dropped);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => (ulong)i), all.Where(r => r.Kind == RecordKind.Cycle).Select(Id));
    }

    [Fact]
    public void OnCycle_HoldWithARecordLongerThanTheQueue_DropsItInsteadOfWaitingForEver()
    {
        var rig = new RecordedRig("a", 1 << 9, 0, onFull: RecordFullPolicy.Hold); // half of it is shorter than a record
        rig.Run(10);
        Assert.Equal(10, rig.Lane.Ring.Dropped);
        Assert.All(rig.Take(), r => Assert.Equal(RecordKind.Gap, r.Kind));
    }

    [Theory]
    [InlineData(RecordFullPolicy.DropAndMark)]
    [InlineData(RecordFullPolicy.Hold)]
    public void OnCycle_ClosedLane_NeitherWritesNorWaits(RecordFullPolicy policy)
    {
        var rig = new RecordedRig("a", 1 << 14, onFull: policy);
        rig.Run(1);
        rig.Take();
        rig.Lane.IsOpen = false;
        rig.Run(100); // far more than the queue takes: with Hold this would hang
        Assert.True(rig.Lane.Ring.IsEmpty);
        Assert.Equal(100, rig.Lane.Ring.Dropped); // the cycles; nobody makes a keyframe for nobody
    }

    [Fact]
    public void OnCycle_ClosedWhileHeld_LetsTheLoopGo()
    {
        var rig = new RecordedRig("a", 1 << 14, onFull: RecordFullPolicy.Hold);
        var loop = new Thread(() => rig.Run(1000));
        loop.Start();
        rig.Take(3);
        rig.Lane.IsOpen = false;
        Assert.True(loop.Join(TimeSpan.FromSeconds(60)));
        Assert.Equal(1000, rig.Loop.CompletedCycles);
    }

    [Fact]
    public void OnCycle_LaneOpenAndRead_AllocatesNothingOnTheLoopThread()
    {
        var rig = new RecordedRig("a", 1 << 16, 10);
        for (int i = 0; i < 300; i++) RunAndRead(); // until the compiler is done with everything
        Allocations.AssertNone(RunAndRead);
        Assert.Equal(0, rig.Lane.Ring.Dropped);

        void RunAndRead()
        {
            rig.Run(12); // keyframes included
            while (rig.Lane.Ring.TryPeek(out _, out _)) rig.Lane.Ring.Advance();
        }
    }

    [Fact]
    public void OnCycle_NobodyReads_AllocatesNothingEither()
    {
        var rig = new RecordedRig("a", 1 << 12);
        rig.Run(100);
        Allocations.AssertNone(() => rig.Run(12));
        Assert.True(rig.Lane.Ring.Dropped > 1000);
    }

    [Fact]
    public void WantsKeyframe_Interval_IsKeptAndARequestComesAtOnce()
    {
        var rig = new RecordedRig("a", 1 << 18, 10);
        rig.Run(35);
        rig.Lane.KeyframeRequested = true;
        rig.Run(1);
        Assert.False(rig.Lane.KeyframeRequested);
        rig.Run(10);
        Assert.Equal([0, 10, 20, 30, 36, 46], rig.Take().Where(r => r.Kind == RecordKind.Keyframe).Select(r => (int)Keyframe.Parse(r.Bytes).NextCycle));
        var none = new RecordedRig("a", 1 << 18, 0);
        none.Lane.KeyframeRequested = true;
        none.Run(20);
        Assert.DoesNotContain(none.Take(), r => r.Kind == RecordKind.Keyframe);
    }

    private static ulong Id((RecordKind Kind, byte[] Bytes) record) => CycleRecord.Parse(record.Bytes).CycleId;

    // Cycle numbers go up by one; where they do not, a gap stands before the cycle and says exactly what is missing. A keyframe is for the cycle that follows.
    private static void AssertOrder(List<(RecordKind Kind, byte[] Bytes)> records)
    {
        ulong next = 0;
        bool started = false;
        foreach (var (kind, bytes) in records)
        {
            if (kind == RecordKind.Gap)
            {
                var gap = RecordGap.Read(bytes);
                Assert.True(gap.First == next || !started, $"gap from {gap.First}, expected {next}");
                Assert.True(gap.Last >= gap.First);
                next = gap.Last + 1;
            }
            else if (kind == RecordKind.Keyframe) Assert.Equal(next, Keyframe.Parse(bytes).NextCycle);
            else
            {
                Assert.Equal(next, CycleRecord.Parse(bytes).CycleId);
                next++;
            }
            started = true;
        }
    }
}
