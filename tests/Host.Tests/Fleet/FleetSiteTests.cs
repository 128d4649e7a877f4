using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Robots of a fleet that must hold a zone to enter it, in the simulated world.</summary>
public sealed class FleetSiteTests
{
    [Fact]
    public void Gate_IsHeldByOneRobotAtATime()
    {
        int through = 0;
        for (ulong seed = 1; seed <= 3; seed++)
        {
            using var run = new FleetRun(new SimulatedFleetOptions { Scenario = "gate", Robots = 4, Tasks = 8 }, seed, "demo", null, live: null, new Terminal(TextWriter.Null, TextWriter.Null));
            var world = run.Fleet.World;
            var gate = NarrowGate.Of(world.Scenario)!.Value;
            // Long work on the side where fewer robots are: it pays for the others to come through.
            bool east = world.Robots.Count(r => r.Pose.X < gate.X1) >= 2;
            var tasks = Enumerable.Range(0, 8).Select(i => new FleetTask
            {
                Id = $"t{i:00}", Class = TaskClass.Idempotent, OnLoss = TaskLoss.Retry, Seconds = 12, Reward = 10, X = east ? gate.X2 + 1.2 + i % 2 * 1.2 : gate.X1 - 1.2 - i % 2 * 1.2, Y = 1.2 + i / 2 * 1.8,
            });
            using var fleet = new MemoryFleet(run, [.. tasks], seed);
            bool[] inside = new bool[4];
            for (var now = Stamp.Zero; !fleet.IsOver && now < Stamp.FromSeconds(150); now += Duration.FromMilliseconds(100))
            {
                fleet.RunUntil(now);
                int count = 0;
                foreach (var robot in world.Robots)
                {
                    bool isIn = robot.Pose.X > gate.X1 && robot.Pose.X < gate.X2 && robot.Pose.Y > gate.Y1 && robot.Pose.Y < gate.Y2;
                    if (isIn && !inside[robot.Index]) through++;
                    inside[robot.Index] = isIn;
                    if (isIn) count++;
                }
                Assert.True(count <= 1, $"seed {seed}: {count} robots in the gate at {now.Seconds:0.0} s");
            }
            Assert.True(fleet.IsOver, $"seed {seed}: {fleet.Headline}");
            Assert.Equal(0, world.Robots.Sum(r => r.Collisions));
        }
        // Otherwise nothing was shown.
        Assert.True(through >= 4, $"robots passed the gate {through} times");
    }

    [Fact]
    public void Of_Scenario_HasAZoneWhereThereIsAGate()
    {
        Assert.Null(FleetSite.Of(ScenarioCatalog.Create("default", 1), ["rover1"]));
        Assert.Equal("gate", FleetSite.Of(ScenarioCatalog.Create("gate", 1), ["rover1"])!.Zones[0].Id);
    }
}
