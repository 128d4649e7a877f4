using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation.Tests;

public class RoverPostTests
{
    private readonly RoverPost _post = new();
    private readonly World _world = new(ScenarioCatalog.Create("empty", 1, 1) with { AutoGoals = false });
    private readonly RoverSensor _sensor;
    private readonly RoverSample _sample;
    private ulong _cycle;

    public RoverPostTests()
    {
        _sensor = new RoverSensor(_world, 0, post: _post);
        _sample = _sensor.CreateSample();
    }

    [Fact]
    public void Send_BeforeTheLoopLooks_IsPendingAndStandsInTheNextSample()
    {
        Sense();
        var goal = new Goal(7, 1.5, -2.5, 0.3f);
        _post.Send(goal);
        var before = _post.Read(out var pending);
        Assert.Equal(goal, pending);
        Assert.Equal(Goal.None, before.Goal);

        Sense();
        Assert.Equal(goal, _sample.Goal);
        var after = _post.Read(out pending);
        Assert.Null(pending);
        Assert.Equal((1L, goal), (after.Orders, after.Goal));
        Assert.Equal(_world.Robots[0].Pose, after.Pose);
        Assert.Equal(_world.Now, after.Time);
    }

    [Fact]
    public void Send_TwiceBetweenTwoCycles_TheNewestCounts()
    {
        _post.Send(new Goal(1, 1, 1, 0.3f));
        _post.Send(Goal.None);
        _post.Read(out var pending);
        Assert.Equal(Goal.None, pending);
        Sense();
        Assert.Equal(Goal.None, _sample.Goal);
        Assert.Equal(2, _post.Read(out pending).Orders);
        Assert.Null(pending);
    }

    [Fact]
    public void Sense_SensorUnavailable_StillReports()
    {
        var faults = Faults.None with { SensorUnavailable = new FaultWindow(Stamp.Zero, Stamp.FromSeconds(100)) };
        var sensor = new RoverSensor(_world, 0, faults: faults, post: _post);
        _post.Send(new Goal(3, 1, 1, 0.3f));
        var sample = sensor.CreateSample();
        var report = SensorReport.Empty;
        var status = sensor.Sense(SensingRequest.None, ref sample, ref report, new CycleContext { CycleId = 0, Now = Stamp.FromSeconds(0.01), Dt = Duration.FromMilliseconds(10) });
        Assert.True(status.IsFailed);
        Assert.Equal(3, _post.Read(out var pending).Goal.Id);
        Assert.Null(pending);
    }

    [Fact]
    public void Sense_WithAPost_AllocatesNothing()
    {
        for (int i = 0; i < 50; i++) Sense();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
        {
            _post.Send(new Goal(1 + i, 3, 3, 0.3f));
            Sense();
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Sense()
    {
        var sample = _sample;
        var report = SensorReport.Empty;
        _cycle++;
        _sensor.Sense(SensingRequest.None, ref sample, ref report, new CycleContext { CycleId = _cycle, Now = new Stamp((long)_cycle * 8_000_000), Dt = Duration.FromMilliseconds(8) });
    }
}
