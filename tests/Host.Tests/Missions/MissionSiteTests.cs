using EdgeAutonomy.Agents;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host.Tests;

public class MissionSiteTests
{
    [Theory]
    [InlineData(MissionWorldSize.Small)]
    [InlineData(MissionWorldSize.Large)]
    public void Site_ManySeeds_HasAStationForEachPlaceAndFreeRoads(MissionWorldSize size)
    {
        int movers = 0, standing = 0;
        for (ulong seed = 1; seed <= 15; seed++)
        {
            var layout = MissionGenerator.Generate(seed, MissionFamily.Mixed, new MissionWorldOptions(size));
            var site = new MissionSite(layout, seed);
            var scenario = site.Scenario;
            Assert.False(scenario.AutoGoals);
            Assert.Equal(layout.Map.Places.Select(p => p.Name), scenario.Stations.Select(s => s.Name));
            var start = Assert.Single(scenario.Robots);
            Assert.Equal(site.PointOf(layout.Map.Start), new MapPoint(start.X, start.Y));
            Assert.Equal(ScenarioFile.Write(scenario), ScenarioFile.Write(new MissionSite(layout, seed).Scenario));
            Assert.Equal(ScenarioFile.Write(scenario), ScenarioFile.Write(ScenarioFile.Parse(ScenarioFile.Write(scenario))));
            movers += scenario.Obstacles.Count(o => o.Motion != MotionKind.Still);
            standing += scenario.Obstacles.Count(o => o.Motion == MotionKind.Still) + (scenario.Walls.Count - 4) / 4;
            foreach (var road in layout.Map.Roads)
            {
                var (a, b) = (site.PointOf(road.A), site.PointOf(road.B));
                Assert.True(site.Fence.Allows(a, b));
                Assert.Equal(MissionSite.Scale * road.Metres, Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y)), 9);
                foreach (var wall in scenario.Walls)
                {
                    // The body is 0.18 m, the ways are kept free by 0.4 m; walls are looked at every 5 cm.
                    Assert.True(Nearest(a, b, wall) > 0.35, $"seed {seed}: a wall stands {Nearest(a, b, wall):0.00} m from the road {road.A}-{road.B}");
                }
            }
        }
        Assert.True(movers >= 15, $"{movers} movers in 15 rooms");
        Assert.True(standing >= 15, $"{standing} pillars and boxes in 15 rooms");
    }

    [Fact]
    public void Generate_NextOnTheSameSite_KeepsTheSiteAndGoesOnWhereTheRobotIs()
    {
        var first = MissionGenerator.Generate(1, MissionFamily.Mixed, new MissionWorldOptions());
        var next = MissionGenerator.Generate(2, MissionFamily.Mixed, new MissionWorldOptions(), first.Map, start: 3, battery: 40);
        Assert.Equal(first.Map.Places, next.Map.Places);
        Assert.Equal(first.Map.Roads, next.Map.Roads);
        Assert.Equal((3, 40, first.Map.Sensors, first.Map.Doors), (next.Map.Start, next.Map.StartBattery, next.Map.Sensors, next.Map.Doors));
        Assert.NotEqual(first.Map.Instruction, next.Map.Instruction);
        Assert.Equal(next.Hash, MissionGenerator.Generate(2, MissionFamily.Mixed, new MissionWorldOptions(), first.Map, 3, 40).Hash);
        Assert.Throws<ArgumentOutOfRangeException>(() => MissionGenerator.Generate(2, MissionFamily.Mixed, new MissionWorldOptions(), first.Map, 8, 40));
        Assert.Throws<ArgumentOutOfRangeException>(() => MissionGenerator.Generate(2, MissionFamily.Mixed, new MissionWorldOptions(), first.Map, 3, 91));
    }

    [Theory]
    [InlineData(0.5, 2, 0, "place 'a' is at (0.5, 2) m")]
    [InlineData(2, 2, 1, "start is 1")]
    public void SiteScenario_WrongPlaces_SaysWhich(double x, double y, int start, string text)
    {
        var error = Assert.Throws<ArgumentException>(() => SiteScenario.Create("t", 1, 5, 4, [new StationSpec("a", x, y)], [], [start]));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private static double Nearest(MapPoint a, MapPoint b, WallSpec wall)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i <= 100; i++)
        {
            double x = a.X + (b.X - a.X) * i / 100, y = a.Y + (b.Y - a.Y) * i / 100, ex = wall.X2 - wall.X1, ey = wall.Y2 - wall.Y1;
            double t = Math.Clamp(((x - wall.X1) * ex + (y - wall.Y1) * ey) / (ex * ex + ey * ey), 0, 1), dx = wall.X1 + t * ex - x, dy = wall.Y1 + t * ey - y;
            best = Math.Min(best, Math.Sqrt(dx * dx + dy * dy));
        }
        return best;
    }
}
