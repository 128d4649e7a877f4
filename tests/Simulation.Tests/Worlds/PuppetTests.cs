using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation.Tests;

public class PuppetTests
{
    private readonly World _world = new(YardScenario.Create(3, 2, 4));

    [Fact]
    public void Place_WithAVelocity_GoesOnForAFifthOfASecondAndThenStands()
    {
        var puppet = _world.Robots[1];
        puppet.Place(new Pose2(3, 3, 0.5), 0.4, 0);
        Advance(0.1);
        Assert.Equal(3.04, puppet.Pose.X, 3);
        Advance(2);
        Assert.Equal(3.08, puppet.Pose.X, 2);
        Assert.Equal(0.5, puppet.Pose.Heading, 12);
        Assert.Equal(0, puppet.Velocity.Linear);
    }

    [Fact]
    public void Place_InFrontOfARobot_IsSeenAndTouchedAndDoesNotGiveWay()
    {
        var (robot, puppet) = (_world.Robots[0], _world.Robots[1]);
        var at = robot.Pose;
        double x = at.X + 0.6 * DeterministicMath.Cos(at.Heading), y = at.Y + 0.6 * DeterministicMath.Sin(at.Heading);
        puppet.Place(new Pose2(x, y, 0), 0, 0);
        Advance(0.01);
        var hit = _world.Probe(0, 0);
        Assert.Equal((HitKind.Robot, 1), (hit.Kind, hit.Index));
        Assert.Equal(0.6 - puppet.Radius, hit.Range, 3);
        for (int i = 0; i < 30; i++)
        {
            robot.Command(new Twist2(0.5f, 0));
            Advance(0.1);
        }
        Assert.Equal((x, y), (puppet.Pose.X, puppet.Pose.Y));
        Assert.True(robot.Collisions >= 1);
        Assert.Equal(0, puppet.Collisions);
        double dx = robot.Pose.X - x, dy = robot.Pose.Y - y;
        Assert.True(Math.Sqrt(dx * dx + dy * dy) >= robot.Radius + puppet.Radius - 1e-6);
    }

    [Fact]
    public void Place_NotANumber_IsRefused() => Assert.Throws<ArgumentException>(() => _world.Robots[1].Place(new Pose2(double.NaN, 0, 0), 0, 0));

    [Fact]
    public void Freeze_WithAPuppet_IsRefused()
    {
        _world.Robots[1].Place(new Pose2(3, 3, 0), 0, 0);
        Assert.Throws<InvalidOperationException>(() => _world.Freeze(new System.Buffers.ArrayBufferWriter<byte>()));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(8, 16)]
    [InlineData(20, 40)]
    [InlineData(64, 128)]
    public void Yard_AnySize_FollowsTheRulesAndIsTheSameTwice(int robots, int stations)
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            var yard = YardScenario.Create(seed, robots, stations);
            Assert.Equal((robots, stations), (yard.Robots.Count, yard.Stations.Count));
            Assert.Equal(ScenarioFile.Write(yard), ScenarioFile.Write(YardScenario.Create(seed, robots, stations)));
            ScenarioRules.Check(yard);
        }
    }

    private void Advance(double seconds) => _world.AdvanceTo(_world.Now + Duration.FromMilliseconds(seconds * 1000));
}
