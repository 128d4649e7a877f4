using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

public sealed class WallMapTests
{
    [Fact]
    public void Cast_RandomWallsAndRays_EqualsBruteForce()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new RandomStream(seed);
            var walls = new WallSegment[1 + random.NextInt32(40)];
            for (int i = 0; i < walls.Length; i++)
            {
                double x = random.NextDouble(0, 10), y = random.NextDouble(0, 7);
                // A third of them parallel to the axes, where grids go wrong.
                double dx = i % 3 == 0 ? 0 : random.NextDouble(-3, 3), dy = i % 3 == 1 ? 0 : random.NextDouble(-3, 3);
                walls[i] = new WallSegment(x, y, x + dx, y + dy + (dx == 0 && dy == 0 ? 1 : 0), 0, 1, null!);
            }
            var map = new WallMap(walls);
            for (int k = 0; k < 300; k++)
            {
                double x = random.NextDouble(-2, 12), y = random.NextDouble(-2, 9), angle = k % 5 == 0 ? Math.PI / 2 * (k % 4) : random.NextDouble(-3.2, 3.2);
                double dx = DeterministicMath.Cos(angle), dy = DeterministicMath.Sin(angle), limit = random.NextDouble(0.5, 12), expected = limit;
                foreach (var wall in walls) expected = Math.Min(expected, WallMap.Meet(wall, x, y, dx, dy));
                Assert.Equal(expected, map.Cast(x, y, dx, dy, limit, out int hit));
                Assert.Equal(expected < limit, hit >= 0);
            }
        }
    }

    [Fact]
    public void Near_RandomPlaces_FindsExactlyTheWallsInReach()
    {
        var random = new RandomStream(3);
        var walls = new WallSegment[50];
        for (int i = 0; i < walls.Length; i++)
        {
            double x = random.NextDouble(0, 10), y = random.NextDouble(0, 10);
            walls[i] = new WallSegment(x, y, x + random.NextDouble(-2, 2), y + random.NextDouble(-2, 2), 0, 1, null!);
        }
        var map = new WallMap(walls);
        var found = new int[64];
        for (int k = 0; k < 1000; k++)
        {
            double x = random.NextDouble(-1, 11), y = random.NextDouble(-1, 11), reach = random.NextDouble(0.1, 1.5);
            int n = map.Near(x, y, reach, found);
            var expected = Enumerable.Range(0, walls.Length).Where(i => walls[i].Nearest(x, y) is var p && (p.X - x) * (p.X - x) + (p.Y - y) * (p.Y - y) <= reach * reach);
            Assert.Equal(expected, found[..n].Order());
        }
    }

    [Fact]
    public void Body_CastAndNearest_AgreeWithSampling()
    {
        var random = new RandomStream(4);
        for (int k = 0; k < 500; k++)
        {
            double heading = random.NextDouble(-3, 3);
            bool round = (k & 1) == 0;
            var body = new Body
            {
                X = random.NextDouble(-1, 1), Y = random.NextDouble(-1, 1), Round = round, Radius = round ? 0.4 : 0.5, HalfLength = 0.4, HalfWidth = 0.3,
                Cos = DeterministicMath.Cos(heading), Sin = DeterministicMath.Sin(heading),
            };
            double angle = random.NextDouble(-3.2, 3.2), x = body.X + 2 * DeterministicMath.Cos(angle), y = body.Y + 2 * DeterministicMath.Sin(angle);
            double aim = angle + Math.PI + random.NextDouble(-0.4, 0.4), dx = DeterministicMath.Cos(aim), dy = DeterministicMath.Sin(aim);
            double hit = body.Cast(x, y, dx, dy), marched = double.PositiveInfinity;
            for (double t = 0; t < 4; t += 0.001)
            {
                if (body.Nearest(x + t * dx, y + t * dy, out _, out _) > 0) continue;
                marched = t;
                break;
            }
            if (double.IsInfinity(hit)) Assert.True(double.IsInfinity(marched) || Math.Abs(body.Nearest(x + marched * dx, y + marched * dy, out _, out _)) < 1e-3);
            else Assert.InRange(body.Nearest(x + hit * dx, y + hit * dy, out _, out _), -1e-9, 1e-9);
            if (!double.IsInfinity(marched)) Assert.InRange(marched - hit, -1e-9, 0.0011);
        }
    }
}
