using System.Buffers;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime.Tests.Loop;

/// <summary>Keyframes and feeds as the loop sees them; whole replays stand with the recorder's tests.</summary>
public class ReplayLoopTests
{
    [Fact]
    public void Thaw_KeyframeOfItsOwn_GoesOnAsIfNothingHappened()
    {
        var rig = new Rig();
        var loop = rig.Build();
        for (int i = 0; i < 30; i++) loop.RunOnce();
        byte[] keyframe = Frozen(loop);
        ulong hash = 0;
        for (int i = 0; i < 20; i++)
        {
            loop.RunOnce();
            hash = loop.Cycle.StateHash;
        }
        var other = new Rig().Build();
        other.Thaw(keyframe);
        Assert.Equal(keyframe, Frozen(other));
        for (int i = 0; i < 20; i++) other.RunOnce();
        Assert.Equal(hash, other.Cycle.StateHash);
        Assert.Equal(50, other.CompletedCycles);
    }

    [Theory]
    [InlineData("other loop", "it has loop 'avoid' where this loop has loop 'other'")]
    [InlineData("other stage", "it has random 'perceive' where this loop has random 'see'")]
    [InlineData("more stages", "Budgets in a keyframe: frozen state holds 4 elements where this object has 5")]
    [InlineData("other policy", "its stage 'decide' is absent or without state, here it is a StatefulPolicy")]
    [InlineData("other pacer", "its part 'pacer' is a FixedPacer, here it is a EventRatePacer")]
    [InlineData("monitor", "its part 'trust' is absent or without state, here it is a Monitor")]
    public void Thaw_KeyframeOfAnotherShape_IsRefusedWithBothNames(string what, string sentence)
    {
        byte[] keyframe = Frozen(Built(null));
        var error = Assert.Throws<InvalidDataException>(() => Built(what).Thaw(keyframe));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thaw_FreshParts_KeepTheirOwnState()
    {
        byte[] keyframe = Frozen(Built("other pacer"));
        var loop = Built(null);
        Assert.Throws<InvalidDataException>(() => loop.Thaw(keyframe));
        loop = Built(null);
        loop.Thaw(keyframe, new HashSet<string> { "pacer" });
        Assert.Equal(10, loop.CompletedCycles);
        loop.RunOnce();
    }

    [Fact]
    public void Thaw_AnyTruncation_IsInvalidData()
    {
        byte[] keyframe = Frozen(Built("monitor"));
        for (int cut = 0; cut < keyframe.Length; cut++) Assert.Throws<InvalidDataException>(() => Built("monitor", 0).Thaw(keyframe.AsSpan(0, cut)));
        Assert.Throws<InvalidDataException>(() => Built("monitor", 0).Thaw([.. keyframe, 0]));
    }

    [Fact]
    public void Thaw_AnyCorruption_IsInvalidDataOrALoopThatRuns()
    {
        byte[] keyframe = Frozen(Built("monitor"));
        var random = RandomStream.For(1, "corruption");
        int read = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] bad = [.. keyframe];
            for (int k = random.NextInt32(3); k >= 0; k--) bad[random.NextInt32(bad.Length)] = (byte)random.NextUInt64();
            var loop = Built("monitor", 0);
            try
            {
                loop.Thaw(bad);
            }
            catch (InvalidDataException)
            {
                continue;
            }
            read++;
            loop.RunOnce();
            loop.RunOnce();
        }
        Assert.InRange(read, 100, 1900);
    }

    [Fact]
    public void Thaw_PeriodOrRungThatIsNone_IsInvalidData()
    {
        var governor = new PeriodGovernor(PeriodGrid.Default, new GovernorOptions(), 2);
        byte[] state = Frozen(governor);
        state[0] = 5;
        governor.Thaw(state);
        state[0] = 6; // the grid has six
        Assert.Throws<InvalidDataException>(() => governor.Thaw(state));
        var ladder = new HealthLadder(new HealthOptions());
        state = Frozen(ladder);
        state[0] = 5;
        Assert.Throws<InvalidDataException>(() => ladder.Thaw(state));
    }

    [Theory]
    [InlineData(-1, Rung.Hold)]
    [InlineData(0, Rung.Nominal)]
    [InlineData(1, Rung.Strained)]
    [InlineData(2, Rung.Degraded)]
    [InlineData(3, Rung.Hold)]
    [InlineData(4, Rung.Hold)] // what no floor can be is taken for the safest
    [InlineData(double.NaN, Rung.Hold)]
    [InlineData(1e300, Rung.Hold)]
    public void RungFloor_AnyValue_HoldsTheLoopThereUntilItIsTakenAway(double value, Rung expected)
    {
        var rig = new Rig();
        rig.Options = rig.Options with { Health = new HealthOptions { Dwell = Duration.FromMilliseconds(20) } };
        var loop = rig.Build();
        loop.RunOnce();
        loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.RungFloor, Value = value });
        for (int i = 0; i < 50; i++)
        {
            loop.RunOnce();
            Assert.Equal(expected, loop.Cycle.Rung);
            if (expected != Rung.Nominal) Assert.Equal(RungReason.Outside, loop.Cycle.RungReason);
        }
        loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.RungFloor, Value = 0 });
        for (int i = 0; i < 50; i++) loop.RunOnce();
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
    }

    [Fact]
    public void RungFloor_WorseRungFromElsewhere_Wins()
    {
        var rig = new Rig();
        var loop = rig.Build();
        loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.RungFloor, Value = 1 });
        loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.PeerLost, Value = 1 });
        loop.RunOnce();
        Assert.Equal((Rung.Hold, RungReason.PeerLost), (loop.Cycle.Rung, loop.Cycle.RungReason));
    }

    [Fact]
    public void RungFloor_Keyframe_KeepsIt()
    {
        var loop = new Rig().Build();
        loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.RungFloor, Value = 2 });
        loop.RunOnce();
        var other = new Rig().Build();
        other.Thaw(Frozen(loop));
        for (int i = 0; i < 1000; i++) other.RunOnce();
        Assert.Equal((Rung.Degraded, RungReason.Outside), (other.Cycle.Rung, RungReason.Outside));
    }

    [Fact]
    public void PeriodCap_AnyValue_LeavesAPeriodOfTheGrid()
    {
        var loop = new Rig().Build();
        foreach (double value in (double[])[double.NaN, double.PositiveInfinity, 1e300, double.Epsilon, -5, 2, 0])
        {
            loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.PeriodCap, Value = value });
            loop.RunOnce();
            Assert.InRange(loop.Cycle.PeriodIndex, 0, value is 2 or double.Epsilon ? 1 : 2);
        }
        Assert.Equal(2, loop.Cycle.PeriodIndex);
    }

    private static ControlLoop<Value, Value, Twist2> Built(string? what, int cycles = 10)
    {
        var rig = new Rig();
        if (what == "other loop") rig.Options = rig.Options with { Name = "other" };
        if (what == "other stage") rig.Perceivers[0] = new ScriptedPerceiver("see");
        if (what == "more stages") rig.Perceivers.Add(new ScriptedPerceiver("see"));
        if (what == "other pacer") rig.Pacer = new EventRatePacer(PeriodGrid.Default, 100);
        if (what == "monitor") rig.Trust = new Monitor();
        var loop = what != "other policy" ? rig.Build() : new ControlLoop<Value, Value, Twist2>(rig.Options, new LoopStages<Value, Value, Twist2>
        {
            Sensor = rig.Sensor, Perceive = PerceiverChain<Value, Value>.Of(rig.Perceiver), Policy = new StatefulPolicy(), Actuator = rig.Actuator, Rules = rig.Rules, Pacer = rig.Pacer, Sample = default, Percept = default,
        }, rig.Sim);
        if (what == "other policy") loop.Start();
        for (int i = 0; i < cycles; i++) loop.RunOnce();
        return loop;
    }

    private static byte[] Frozen(IControlLoop loop)
    {
        var buffer = new ArrayBufferWriter<byte>();
        loop.Freeze(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Frozen(IFreezable part)
    {
        var buffer = new ArrayBufferWriter<byte>();
        part.Freeze(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class StatefulPolicy : IPolicy<Value, Twist2>, IFreezable
    {
        public string Name => "decide";

        public StageStatus Decide(in Value percept, ref Decision<Twist2> decision, in CycleContext context) => StageStatus.Ok;

        public void Freeze(IBufferWriter<byte> writer) { }

        public void Thaw(ReadOnlySpan<byte> state) { }
    }

    private sealed class Monitor : ITrustMonitor<Value>, IFreezable
    {
        private long _calls;

        public float Score(in Value sample, in SensorReport report, in CycleContext context) => ++_calls > 0 ? 1 : 0;

        public void Freeze(IBufferWriter<byte> writer) => new StateWriter(writer).Write(_calls);

        public void Thaw(ReadOnlySpan<byte> state)
        {
            var reader = new StateReader(state, "Monitor");
            _calls = reader.Read<long>();
            reader.End();
        }
    }
}
