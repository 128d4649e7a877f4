using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies.Tests;

public class PlanningTests
{
    [Fact]
    public void Arcs_VectorAndScalar_AgreeBitForBit()
    {
        var arcs = new ArcTable(0.22f, 0.34f);
        var random = new RandomStream(4);
        for (int round = 0; round < 200; round++)
        {
            int n = random.NextInt32(100);
            float[] x = new float[n], y = new float[n];
            for (int i = 0; i < n; i++) (x[i], y[i]) = ((float)random.NextDouble(-3, 3), i % 17 == 0 ? float.NaN : (float)random.NextDouble(-3, 3));
            byte[] h1 = Full(), s1 = Full(), h2 = Full(), s2 = Full();
            arcs.Shorten(x, y, h1, s1);
            arcs.ShortenScalar(x, y, h2, s2);
            Assert.Equal(h2, h1);
            Assert.Equal(s2, s1);
        }
    }

    [Fact]
    public void Arcs_AgainstFineSteps_NeverPromiseMoreThanThereIs()
    {
        const float radius = 0.22f;
        var arcs = new ArcTable(radius, 0.34f);
        var random = new RandomStream(8);
        for (int round = 0; round < 2000; round++)
        {
            float x = (float)random.NextDouble(-0.6, 2.4), y = (float)random.NextDouble(-2, 2);
            if (x * x + y * y < 0.3 * 0.3) continue;
            byte[] hard = Full(), soft = Full();
            arcs.Shorten([x], [y], hard, soft);
            for (int arc = 0; arc < ArcTable.Arcs; arc++)
            {
                Assert.True(soft[arc] <= hard[arc]);
                double end = Math.Min(hard[arc] * 0.01, arcs.Useful(arc)) - 0.02;
                for (double s = 0; s < end; s += 0.005)
                {
                    ArcTable.PointAt(arcs.Curvature[arc], (float)s, out float px, out float py);
                    double gap = Math.Sqrt((px - x) * (px - x) + (py - y) * (py - y));
                    // The middle of a 5 cm cell stands for the point: half its diagonal less the 2.5 cm that the table adds.
                    if (!(gap > radius - 0.011)) Assert.Fail($"arc {arc} at {s:F3} m is {gap:F3} m from ({x:F2}, {y:F2})");
                }
            }
        }
    }

    [Fact]
    public void Plan_WallBetween_GoesRoundIt()
    {
        var planner = Planner(out var map);
        for (double y = -1.5; y <= 4; y += 0.05) map.MarkObstacle(1.5, y, 0, 60000);
        for (int k = 0; k < 200; k++) planner.Work(100, 0, 0, 3, 0, 1);
        Assert.True(planner.HasPath);
        double lowest = 0;
        for (int i = 0; i < planner.PathLength; i++)
        {
            planner.PathPoint(i, out double x, out double y);
            lowest = Math.Min(lowest, y);
            Assert.True(planner.ClearanceAt(x, y) >= 0.22, $"cell {i} at ({x:F2}, {y:F2})");
        }
        Assert.InRange(lowest, -2.6, -1.7);
        planner.PathPoint(planner.PathLength - 1, out double endX, out double endY);
        Assert.Equal(3, endX, 0.125);
        Assert.Equal(0, endY, 0.125);
    }

    [Fact]
    public void Plan_WorkCutDifferently_SamePath()
    {
        PathPlanner fine = Planner(out var map1), coarse = Planner(out var map2);
        foreach (var map in new[] { map1, map2 })
        {
            for (double y = -1.5; y <= 1.5; y += 0.05) map.MarkObstacle(1.5, y, 0, 60000);
        }
        while (fine.Plans == 0) fine.Work(7, 0, 0, 3, 0.4, 1);
        while (coarse.Plans == 0) coarse.Work(100000, 0, 0, 3, 0.4, 1);
        Assert.Equal(coarse.PathLength, fine.PathLength);
        for (int i = 0; i < fine.PathLength; i++)
        {
            fine.PathPoint(i, out double x1, out double y1);
            coarse.PathPoint(i, out double x2, out double y2);
            Assert.Equal((x2, y2), (x1, y1));
        }
    }

    [Fact]
    public void Plan_GoalFarOutsideTheWindow_HeadsThere()
    {
        var planner = Planner(out _);
        while (planner.Plans == 0) planner.Work(1000, 0, 0, 300, 300, 1);
        planner.PathPoint(planner.PathLength - 1, out double x, out double y);
        Assert.True(x > 2 && Math.Abs(x - y) < 0.3, $"ends at ({x:F2}, {y:F2})");
    }

    [Fact]
    public void Clearance_AgainstBruteForce_IsTheDistanceToThePoint()
    {
        var planner = Planner(out var map);
        var random = new RandomStream(6);
        var points = new List<(double X, double Y)>();
        for (int k = 0; k < 25; k++)
        {
            var p = (X: random.NextDouble(-4, 4), Y: random.NextDouble(-4, 4));
            points.Add(p);
            map.MarkObstacle(p.X, p.Y, 0, 60000);
        }
        while (planner.Plans == 0) planner.Work(1000, 0, 0, 3, 3, 1);
        for (int k = 0; k < 500; k++)
        {
            double x = (Math.Floor(random.NextDouble(-30, 30)) + 0.5) * 0.125, y = (Math.Floor(random.NextDouble(-30, 30)) + 0.5) * 0.125;
            if (map.IsOccupied(map.IndexAt(x, y), 1)) continue;
            double truth = Math.Min(points.Min(p => Math.Sqrt((p.X - x) * (p.X - x) + (p.Y - y) * (p.Y - y))), 1.27);
            // Stored in whole centimetres; the raster passes may miss the nearest point by a little.
            Assert.InRange(planner.ClearanceAt(x, y), truth - 0.012, truth + 0.05);
        }
    }

    private static byte[] Full()
    {
        byte[] lengths = new byte[ArcTable.Lanes];
        Array.Fill(lengths, ArcTable.Free);
        return lengths;
    }

    private static PathPlanner Planner(out ObstacleMap map)
    {
        map = new ObstacleMap(80, 0.125f);
        map.Follow(0, 0);
        return new PathPlanner(map, 0.25f, 0.6f);
    }
}
