using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.Traffic;

public class OrcaTests(ITestOutputHelper output)
{
    private const double Touching = 2 * OrcaSimulation.Radius;

    private static readonly OrcaOptions Fast = new() { Period = Duration.FromSeconds(OrcaSimulation.Step) };

    [Fact]
    public void Choose_NobodyNear_GivesThePreferredVelocityBitForBit()
    {
        var choice = new Orca(Fast).Choose(Self(new(0, 0), new(0.3, 0.1)), [Neighbour(new(50, 0), new(-1, 0))], []);
        Assert.Equal(OrcaOutcome.Free, choice.Outcome);
        Assert.Equal(new Vector2D(0.3, 0.1), choice.Velocity);
    }

    [Fact]
    public void Choose_PreferredTooFast_IsClipped()
    {
        var choice = new Orca(Fast with { RightBias = 0 }).Choose(Self(new(0, 0), new(3, 4)), [], []);
        Assert.Equal(1, choice.Velocity.Length, 1e-12);
        Assert.Equal(OrcaOutcome.Free, choice.Outcome);
    }

    [Fact]
    public void Choose_HeadOnInPerfectSymmetry_BothPassOnTheirRight()
    {
        var run = new OrcaSimulation(Fast, [new(-5, 0), new(5, 0)], [new(5, 0), new(-5, 0)]);
        double side = 0;
        for (int i = 0; i < 300; i++)
        {
            run.Run(OrcaSimulation.Step);
            if (Math.Abs(run.Positions[0].X) < 0.2) side = run.Positions[0].Y;
        }
        Assert.True(run.Least >= Touching - 1e-6, $"{run.Least}");
        Assert.True(side < -0.1, $"the robot that drives east passes at y = {side}, must be south");
        Assert.True(run.FarthestFromGoal < 0.05, $"{run.FarthestFromGoal}");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(16)]
    public void Choose_CircleOfRobots_AllCrossWithoutTouching(int n)
    {
        // Not quite a circle: from a perfect one all arrive at the centre at the same instant and lock into a ring, which is a task for the planner.
        var random = new RandomStream((ulong)n);
        Vector2D[] starts = [.. Circle(n, 1.2 * n / Math.PI + 2).Select(s => s * random.NextDouble(0.8, 1.2))];
        var run = new OrcaSimulation(Fast, starts, [.. starts.Select(s => -s)]);
        run.Run(120);
        output.WriteLine($"{n} robots: least distance {run.Least:F4} m, {run.Squeezed} squeezed, farthest from goal {run.FarthestFromGoal:F3} m");
        Assert.True(run.Least >= Touching - 0.005, $"{run.Least}");
        Assert.True(run.FarthestFromGoal < 0.3, $"{run.FarthestFromGoal}");
    }

    [Fact]
    public void Choose_RandomMeetingsWithBeaconsUpTo200MsOld_NeverTouch()
    {
        double least = double.PositiveInfinity, arrived = 0, naive = double.PositiveInfinity;
        for (ulong seed = 0; seed < 40; seed++)
        {
            var run = Meeting(seed, Fast, 8, maxDelay: 4);
            run.Run(30);
            least = Math.Min(least, run.Least);
            arrived += run.Positions.Zip(run.Goals, Vector2D.Distance).Count(d => d < 0.5) / 8.0 / 40;
            var control = Meeting(seed, Fast with { InflatesStale = false }, 8, maxDelay: 4);
            control.Run(30);
            naive = Math.Min(naive, control.Least);
        }
        output.WriteLine($"least distance {least:F4} m ({Touching} m touch), {arrived:P1} arrived within 30 s; without inflation {naive:F4} m");
        Assert.True(least >= Touching, $"{least}");
        Assert.True(arrived > 0.9, $"{arrived}");
        // The control: the same meetings with the age ignored do touch.
        Assert.True(naive < Touching, $"{naive}");
    }

    [Fact]
    public void Choose_BeaconsUpToOneAndAHalfSecondsOld_SlowsDownAndDoesNotTouch()
    {
        double least = double.PositiveInfinity, fresh = 0, stale = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            OrcaSimulation Run(int maxDelay)
            {
                var random = new RandomStream(seed);
                var starts = Apart(random, 6);
                // Ages from 0 to the most, another one every second for every pair.
                return new OrcaSimulation(Fast, starts, Apart(random, 6)) { Delay = (a, b, k) => maxDelay == 0 ? 0 : (int)(((uint)(a * 7 + b * 13 + k / 20) * 2654435761u >> 8) % (uint)(maxDelay + 1)) };
            }
            var late = Run(30);
            late.Run(10);
            least = Math.Min(least, late.Least);
            stale += late.Positions.Zip(late.Goals, Vector2D.Distance).Sum();
            var now = Run(0);
            now.Run(10);
            fresh += now.Positions.Zip(now.Goals, Vector2D.Distance).Sum();
        }
        output.WriteLine($"least distance {least:F4} m; metres left after 10 s: {stale / 120:F2} with old beacons, {fresh / 120:F2} with fresh ones");
        // Beyond 200 ms slowness is promised, not distance: among 200 seeds the least was 0.598 m, so a centimetre is allowed.
        Assert.True(least >= Touching - 0.01, $"{least}");
        Assert.True(stale > fresh, "old knowledge must cost speed");
    }

    [Fact]
    public void Choose_SilentNeighbour_IsPassedSlowlyOrWaitedForAndNotTouched()
    {
        // The other one drove towards us when it was last heard, then stopped and has been silent since.
        var run = new OrcaSimulation(Fast, [new(-6, 0.05), new(0, 0)], [new(6, 0), new(0, 0)])
        {
            Change = (i, j, n) => i == 0 ? n with { Position = Vector2D.Zero, Velocity = new(-1, 0), Age = Duration.FromSeconds(4) } : n,
        };
        run.Run(60);
        Assert.True(run.Least >= Touching, $"{run.Least}");
        var near = new Orca(Fast).Choose(Self(new(-3.5, 0), new(1, 0)), [Neighbour(default, default) with { Age = Duration.FromSeconds(1.5) }], []);
        Assert.True(near.IsCapped);
        Assert.True(near.Velocity.Length <= Fast.FrozenSpeed + 1e-12);
    }

    [Fact]
    public void Choose_NeighbourThatDoesNotCooperate_IsAvoidedAlone()
    {
        OrcaSimulation Run(bool told) => new(Fast, [new(-5, 0), new(5, 0)], [new(5, 0), new(-5, 0)])
        {
            Change = (_, _, n) => n with { Cooperates = !told },
            Steer = (i, v) => i == 1 ? new Vector2D(-1, 0) : v,
        };
        var aware = Run(true);
        aware.Run(8);
        Assert.True(aware.Least >= Touching - 1e-6, $"{aware.Least}");
        // The control: with half of the avoidance for each, one alone is late, if it comes about at all.
        var unaware = Run(false);
        unaware.Run(8);
        Assert.True(unaware.Least < aware.Least, $"{unaware.Least} {aware.Least}");
    }

    [Fact]
    public void Choose_RobotsInOnePlaceWithOneVelocity_PartInOppositeWays()
    {
        var a = new Orca(Fast).Choose(Self(default, default) with { Key = 7 }, [Neighbour(default, default) with { Key = 9 }], []);
        var b = new Orca(Fast).Choose(Self(default, default) with { Key = 9 }, [Neighbour(default, default) with { Key = 7 }], []);
        Assert.True(Vector2D.Dot(a.Velocity, b.Velocity) < -0.9, $"{a.Velocity} {b.Velocity}");
    }

    [Fact]
    public void Choose_CorridorWithWalls_StaysOffThemAndPasses()
    {
        WallSegment[] walls = [new(new(-8, -1.2), new(8, -1.2)), new(new(-8, 1.2), new(8, 1.2)), new(new(0, 1.2), new(0, 0.9))];
        var run = new OrcaSimulation(Fast, [new(-6, 0), new(6, 0)], [new(6, 0), new(-6, 0)]) { Walls = walls };
        run.Run(60);
        Assert.True(run.Least >= Touching - 1e-6, $"{run.Least}");
        Assert.True(run.WallGap >= OrcaSimulation.Radius - 1e-6, $"{run.WallGap}");
        Assert.True(run.FarthestFromGoal < 0.3, $"{run.FarthestFromGoal}");
    }

    [Fact]
    public void Choose_WallAhead_SpeedTowardsItFallsWithTheGap()
    {
        var wall = new WallSegment(new(1, -5), new(1, 5));
        var choice = new Orca(Fast).Choose(Self(default, new(1, 0)), [], [wall]);
        // 0.7 m of gap over 1.5 s.
        Assert.Equal(0.7 / 1.5, choice.Velocity.X, 1e-9);
        var inside = new Orca(Fast).Choose(Self(new(0.9, 0), new(1, 0)), [], [wall]);
        Assert.True(inside.Velocity.X <= 1e-12);
    }

    [Fact]
    public void Choose_CrowdAgainstAWall_SqueezesButHoldsTheWall()
    {
        var neighbours = new OrcaNeighbour[12];
        for (int i = 0; i < neighbours.Length; i++)
        {
            (double sin, double cos) = DeterministicMath.SinCos(Math.PI * (0.5 + (double)i / (neighbours.Length - 1)));
            neighbours[i] = Neighbour(new Vector2D(cos, sin) * 0.58, new Vector2D(-cos, -sin)) with { Key = (ulong)i + 2 };
        }
        var choice = new Orca(Fast).Choose(Self(default, new(0.5, 0)), neighbours, [new(new(0.35, -3), new(0.35, 3))]);
        Assert.Equal(OrcaOutcome.Squeezed, choice.Outcome);
        Assert.True(choice.Violation > 0);
        Assert.True(choice.Velocity.X <= 0.05 / 1.5 + 1e-9, $"{choice.Velocity}");
    }

    [Fact]
    public void Choose_RandomConstraints_IsAsGoodAsTheBestOfAGrid()
    {
        // An oracle that shares nothing with the linear programme: every velocity of a fine grid is tried against the rule itself.
        var random = new RandomStream(5);
        int feasible = 0;
        for (int k = 0; k < 300; k++)
        {
            var planes = new HalfPlanes();
            planes.Clear();
            var lines = new (Vector2D Point, Vector2D Direction)[2 + random.NextInt32(5)];
            planes.EndHard();
            for (int i = 0; i < lines.Length; i++)
            {
                (double sin, double cos) = DeterministicMath.SinCos(random.NextDouble(0, 2 * Math.PI));
                lines[i] = (new Vector2D(random.NextDouble(-0.7, 0.7), random.NextDouble(-0.7, 0.7)), new Vector2D(cos, sin));
                planes.Add(lines[i].Point, lines[i].Direction);
            }
            var wanted = new Vector2D(random.NextDouble(-1, 1), random.NextDouble(-1, 1));
            var best = planes.Solve(wanted, 1, out bool ok);
            double Worst(Vector2D q) => lines.Max(l => Vector2D.Det(l.Direction, l.Point - q));
            double nearest = double.PositiveInfinity, least = double.PositiveInfinity;
            for (double x = -1; x <= 1; x += 0.02)
            {
                for (double y = -1; y <= 1; y += 0.02)
                {
                    var q = new Vector2D(x, y);
                    if (q.Length > 1) continue;
                    least = Math.Min(least, Worst(q));
                    if (Worst(q) <= 0) nearest = Math.Min(nearest, (q - wanted).Length);
                }
            }
            Assert.True(best.Length <= 1 + 1e-9);
            if (ok)
            {
                feasible++;
                Assert.True(Worst(best) <= 1e-7, $"case {k}: {Worst(best)}");
                Assert.True((best - wanted).Length <= nearest + 1e-9, $"case {k}");
            }
            else
            {
                Assert.True(least > -0.03, $"case {k}: the grid finds a velocity");
                Assert.True(Worst(best) <= least + 1e-7, $"case {k}: {Worst(best)} > {least}");
            }
        }
        Assert.InRange(feasible, 50, 290);
    }

    [Fact]
    public void Choose_InputThatIsNoNumber_RestsOrIgnoresIt()
    {
        var orca = new Orca(Fast);
        Assert.Equal(OrcaOutcome.Blocked, orca.Choose(Self(new(double.NaN, 0), default), [], []).Outcome);
        var choice = orca.Choose(Self(default, new(1, 0)), [Neighbour(new(double.NaN, 1), default), Neighbour(new(1, 1), default) with { Radius = -1 }], [new(new(1, double.PositiveInfinity), default)]);
        Assert.Equal(3, choice.Ignored);
        Assert.Equal(new Vector2D(1, 0), choice.Velocity);
    }

    /// <summary>The same run gives the same bits on every machine and vector width; the number came out alike with all instructions, without AVX2 and AVX-512, and with all intrinsics off.</summary>
    [Fact]
    public void Choose_WholeSimulation_GivesTheSameBitsEverywhere()
    {
        var run = Meeting(77, Fast with { Drive = new DifferentialDrive(1, 2, Duration.FromSeconds(0.35), 0.1) }, 8, maxDelay: 4);
        run.Run(20);
        var hasher = new StateHasher(1);
        for (int i = 0; i < 8; i++)
        {
            hasher.Add(run.Positions[i].X);
            hasher.Add(run.Positions[i].Y);
            hasher.Add(run.Headings[i]);
        }
        output.WriteLine($"hash {hasher.Value:X16}");
        Assert.Equal(0x3335075F5C70E6A6UL, hasher.Value);
    }

    [Fact]
    public void Choose_InSteadyState_AllocatesNothing()
    {
        var orca = new Orca(Fast with { Drive = new DifferentialDrive(1, 2, Duration.FromSeconds(0.35), 0.1) });
        var neighbours = Circle(20, 2).Select((p, i) => Neighbour(p, -p * 0.3) with { Key = (ulong)i + 2, Age = Duration.FromMilliseconds(80 * i) }).ToArray();
        WallSegment[] walls = [new(new(-3, -1), new(3, -1))];
        Allocations.AssertNone(() => orca.Choose(Self(default, new(1, 0)), neighbours, walls));
    }

    private static OrcaSimulation Meeting(ulong seed, OrcaOptions options, int n, int maxDelay)
    {
        var random = new RandomStream(seed);
        var starts = Apart(random, n);
        return new OrcaSimulation(options, starts, Apart(random, n)) { Delay = (a, b, k) => maxDelay - (int)((uint)(a * 7 + b * 13 + k) * 2654435761u >> 31) };
    }

    private static Vector2D[] Apart(RandomStream random, int n)
    {
        var points = new List<Vector2D>();
        while (points.Count < n)
        {
            var p = new Vector2D(random.NextDouble(-4, 4), random.NextDouble(-4, 4));
            if (points.All(q => Vector2D.Distance(p, q) > 1.6)) points.Add(p);
        }
        return [.. points];
    }

    private static Vector2D[] Circle(int n, double radius) => [.. Enumerable.Range(0, n).Select(i =>
    {
        (double sin, double cos) = DeterministicMath.SinCos(2 * Math.PI * i / n);
        return new Vector2D(cos, sin) * radius;
    })];

    private static OrcaSelf Self(Vector2D position, Vector2D preferred) => new(1, position, preferred, 0, OrcaSimulation.Radius, preferred);

    private static OrcaNeighbour Neighbour(Vector2D position, Vector2D velocity) => new(2, position, velocity, OrcaSimulation.Radius, 1, 0, Duration.Zero, true);
}
