namespace EdgeAutonomy.Runtime.Tests.Loop;

public class LockstepTests
{
    [Fact]
    public void RunUntil_LoopsOfDifferentPeriods_RunInTimeOrderAndTheWorldIsThereFirst()
    {
        var clock = new SimClock();
        var world = new FakeWorld();
        var order = new List<string>();
        var a = Make("a", 1, clock);
        var b = Make("b", 2, clock);
        var lockstep = new Lockstep(clock, world, [a, b]);
        lockstep.Start();
        long cycles = lockstep.RunUntil(new Stamp(8_000_000));
        Assert.Equal(["a0", "b0", "a2", "a4", "b4", "a6", "a8", "b8"], order);
        Assert.Equal(8, cycles);
        Assert.Equal(8_000_000, world.Now.Nanoseconds);

        ControlLoop<Value, Value, Messages.Twist2> Make(string name, int period, SimClock shared)
        {
            var rig = new Rig { Clock = shared, Pacer = new FixedPacer(period) };
            rig.Options = rig.Options with { Name = name, StartIndex = period };
            rig.Sensor.Status = c =>
            {
                Assert.Equal(c.Now, world.Now);
                order.Add($"{name}{c.Now.Nanoseconds / 1_000_000}");
                return StageStatus.Ok;
            };
            return rig.Build(start: false);
        }
    }

    private sealed class FakeWorld : ISimulated
    {
        public Stamp Now { get; private set; }

        public void AdvanceTo(Stamp target)
        {
            Assert.True(target >= Now);
            Now = target;
        }
    }
}
