using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.Interest;

public class InterestTests(ITestOutputHelper output)
{
    /// <summary>Guarantee 11: any two robots within the radius for longer than two periods know each other.</summary>
    [Fact]
    public void Area_RandomWalks_RobotsWithinTheRadiusKnowEachOther()
    {
        long pairs = 0;
        int broken = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            pairs += Walk(seed, new InterestOptions(), reach: 1, out string? missed);
            Assert.True(missed is null, $"seed {seed}: {missed}");
            // The control: whoever listens to its own cell alone misses some.
            Walk(seed, new InterestOptions(), reach: 0, out missed);
            if (missed is not null) broken++;
        }
        output.WriteLine($"{pairs} pair-steps within the radius; own cell alone fails in {broken} of 40 seeds");
        Assert.True(pairs > 10_000 && broken > 30, $"{pairs} {broken}");
    }

    [Fact]
    public void OnPosition_CrossingABorder_SubscribesBeforeItUnsubscribesAndNeverOverlaps()
    {
        var area = new InterestArea(new InterestOptions());
        area.OnPosition(0, new(1, 1), At(0));
        var filters = new HashSet<InterestCell>();
        Assert.Equal(9, Apply(area, filters, At(0)));
        Assert.True(area.TakeAnnouncement());
        Assert.False(area.TakeAnnouncement());
        // Within the hysteresis of 2 m nothing happens.
        area.OnPosition(0, new(-1.9, 1), At(1));
        Assert.False(area.TryTake(out _));
        area.OnPosition(0, new(-2.1, 1), At(2));
        Assert.Equal(new InterestCell(0, -1, 0), area.Cell);
        Assert.False(area.IsKnown(Duration.FromSeconds(1), At(60)));
        int made = 0;
        while (area.TryTake(out var change))
        {
            Assert.True(change.Subscribe, "ends one before the new ones are in force");
            Assert.True(filters.Add(change.Cell));
            made++;
        }
        Assert.Equal(3, made);
        foreach (var cell in filters.ToArray()) area.OnSubscribed(cell, At(3));
        int ended = 0;
        while (area.TryTake(out var change))
        {
            Assert.False(change.Subscribe);
            Assert.True(filters.Remove(change.Cell));
            ended++;
        }
        Assert.Equal(3, ended);
        Assert.Equal(9, filters.Count);
        Assert.False(area.IsKnown(Duration.FromSeconds(1), At(3.9)));
        Assert.True(area.IsKnown(Duration.FromSeconds(1), At(4)));
    }

    [Fact]
    public void OnPosition_AtABorder_DoesNotFlutter()
    {
        var area = new InterestArea(new InterestOptions());
        int changes = 0;
        for (int k = 0; k < 1000; k++)
        {
            area.OnPosition(0, new(20 + (k % 2 == 0 ? 0.5 : -0.5), 5), At(k));
            if (area.TakeAnnouncement()) changes++;
        }
        Assert.Equal(1, changes);
    }

    [Fact]
    public void OnPosition_InOneCell_AllocatesNothing()
    {
        var area = new InterestArea(new InterestOptions());
        area.OnPosition(0, new(1, 1), At(0));
        Allocations.AssertNone(() => area.OnPosition(0, new(2, 2), At(1)));
    }

    [Theory]
    [InlineData(0, 12, -3, "0_12/m3")]
    [InlineData(7, int.MinValue + 1, int.MaxValue, "7_m2147483647/2147483647")]
    public void Levels_RoundTrip(int map, int x, int y, string levels)
    {
        var cell = new InterestCell((ushort)map, x, y);
        Assert.Equal(levels, cell.Levels);
        Assert.True(InterestCell.TryParse(levels, out var read));
        Assert.Equal(cell, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1_2")]
    [InlineData("1/2")]
    [InlineData("0_m0/1")]
    [InlineData("0_01/1")]
    [InlineData("0_-1/1")]
    [InlineData("70000_1/1")]
    [InlineData("0_99999999999/1")]
    [InlineData("0_1/1/2")]
    public void TryParse_OtherText_IsRefused(string text) => Assert.False(InterestCell.TryParse(text, out _));

    [Fact]
    public void Rate_ByNeighboursAndMotion_FollowsTheTable()
    {
        var rate = new BeaconRate();
        rate.Update(0, false, 0, double.PositiveInfinity, Duration.Unlimited);
        Assert.Equal(BeaconRate.Slow, rate.Period);
        rate.Update(0, false, 0.5, 20, Duration.Unlimited);
        Assert.Equal(BeaconRate.Moving, rate.Period);
        rate.Update(0, false, 0.5, 20, Duration.FromSeconds(4.9));
        Assert.Equal(BeaconRate.Fast, rate.Period);
        rate.Update(0, false, 0, 4.9, Duration.Unlimited);
        Assert.Equal(BeaconRate.Fast, rate.Period);
    }

    [Fact]
    public void TakeDue_ModeOrStopChanges_SendsAtOnce()
    {
        var rate = new BeaconRate();
        Assert.True(rate.TakeDue(At(0)));
        rate.Update(0, false, 0, 50, Duration.Unlimited);
        Assert.False(rate.TakeDue(At(0.1)));
        rate.Update(0, true, 0, 50, Duration.Unlimited);
        Assert.True(rate.TakeDue(At(0.15)));
        Assert.False(rate.TakeDue(At(0.2)));
        rate.Update(3, true, 0, 50, Duration.Unlimited);
        Assert.True(rate.TakeDue(At(0.25)));
        Assert.True(rate.TakeDue(At(1.25)));
    }

    [Fact]
    public void TimeToCollision_KnownCases_Match()
    {
        Assert.Equal(4.4, BeaconRate.TimeToCollision(new(5, 0), new(-1, 0), 0.6).Seconds, 1e-9);
        Assert.Equal(Duration.Unlimited, BeaconRate.TimeToCollision(new(5, 0), new(1, 0), 0.6));
        Assert.Equal(Duration.Unlimited, BeaconRate.TimeToCollision(new(5, 1), new(-1, 0), 0.6));
        Assert.Equal(Duration.Zero, BeaconRate.TimeToCollision(new(0.5, 0), new(1, 0), 0.6));
    }

    private static long Walk(ulong seed, InterestOptions options, int reach, out string? missed)
    {
        const int Robots = 12;
        const double Step = 0.05;
        var random = new RandomStream(seed);
        missed = null;
        long pairs = 0;
        var areas = Enumerable.Range(0, Robots).Select(_ => new InterestArea(options)).ToArray();
        var rates = Enumerable.Range(0, Robots).Select(_ => new BeaconRate()).ToArray();
        var at = Enumerable.Range(0, Robots).Select(_ => new Vector2D(random.NextDouble(-40, 40), random.NextDouble(-40, 40))).ToArray();
        var velocity = new Vector2D[Robots];
        var filters = Enumerable.Range(0, Robots).Select(_ => new HashSet<InterestCell>()).ToArray();
        var acks = new List<(double At, int Robot, InterestCell Cell)>();
        var heard = new double[Robots, Robots];
        var within = new double[Robots, Robots];
        for (int i = 0; i < Robots; i++)
        {
            for (int j = 0; j < Robots; j++) (heard[i, j], within[i, j]) = (-1e9, double.PositiveInfinity);
        }
        for (double t = 0; t < 90; t += Step)
        {
            foreach (var ack in acks.Where(a => a.At <= t).ToArray())
            {
                acks.Remove(ack);
                filters[ack.Robot].Add(ack.Cell);
                areas[ack.Robot].OnSubscribed(ack.Cell, At(t));
            }
            for (int i = 0; i < Robots; i++)
            {
                if (random.NextDouble() < 0.01) velocity[i] = random.NextDouble() < 0.3 ? default : new Vector2D(random.NextDouble(-2, 2), random.NextDouble(-2, 2));
                at[i] += velocity[i] * Step;
                areas[i].OnPosition(0, at[i], At(t));
                while (areas[i].TryTake(out var change))
                {
                    if (!change.Subscribe) filters[i].Remove(change.Cell);
                    else acks.Add((t + random.NextDouble(0.02, 0.5), i, change.Cell));
                }
                if (areas[i].TakeAnnouncement()) rates[i].Announce();
                double nearest = Enumerable.Range(0, Robots).Where(j => j != i && t - heard[i, j] < 3).Select(j => Vector2D.Distance(at[i], at[j])).DefaultIfEmpty(1e9).Min();
                rates[i].Update(0, false, velocity[i].Length, nearest, Duration.Unlimited);
                if (!rates[i].TakeDue(At(t))) continue;
                for (int j = 0; j < Robots; j++)
                {
                    var cell = areas[i].Cell;
                    bool listens = filters[j].Contains(cell) && Math.Abs(cell.X - areas[j].Cell.X) <= reach && Math.Abs(cell.Y - areas[j].Cell.Y) <= reach;
                    if (j != i && listens) heard[j, i] = t;
                }
            }
            for (int i = 0; i < Robots; i++)
            {
                for (int j = 0; j < Robots; j++)
                {
                    if (j == i) continue;
                    within[i, j] = Vector2D.Distance(at[i], at[j]) <= options.Radius ? Math.Min(within[i, j], t) : double.PositiveInfinity;
                    // The slowest period is 1 s; the first second after the start belongs to the first subscriptions.
                    if (t - within[i, j] <= 2 || t < 2) continue;
                    pairs++;
                    if (t - heard[i, j] > 2) missed ??= $"{t:F2} s: robot {i} does not know robot {j} at {Vector2D.Distance(at[i], at[j]):F1} m";
                }
            }
        }
        return pairs;
    }

    private static int Apply(InterestArea area, HashSet<InterestCell> filters, Stamp now)
    {
        int count = 0;
        while (area.TryTake(out var change))
        {
            count++;
            Assert.True(filters.Add(change.Cell));
            area.OnSubscribed(change.Cell, now);
        }
        return count;
    }

    private static Stamp At(double seconds) => Stamp.FromSeconds(seconds);
}
