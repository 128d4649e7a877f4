using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests.Traffic;

public class PlanWireTests
{
    private static readonly RouteGraph Graph = RouteGraph.FromGrid([true, true, true, true, false, true], 3, 2, 1, default, out _);

    [Fact]
    public void TryRead_RoundTrip_GivesThePlanBack()
    {
        var plan = Plan();
        var message = PlanMessage.Of(plan, Graph, 3, 7, At(5), At(1e6));
        Assert.True(PlanWire.TryRead(PlanWire.Write(message), out var read, out string fault), fault);
        Assert.Equal((message.Inc, message.Seq, message.Start, message.WallStart, message.Radius, message.Origin), (read.Inc, read.Seq, read.Start, read.WallStart, read.Radius, read.Origin));
        Assert.Equal(message.Visits, read.Visits);
        Assert.True(read.TryPlan(Graph, "r1", Duration.Zero, out var again));
        for (double t = 0; t < 12; t += 0.1) Assert.Equal(plan.At(Duration.FromSeconds(t)), again.At(Duration.FromSeconds(t)));
        // Seen from a window that starts later it is the same motion.
        foreach (double later in (double[])[0.3, 1, 2.5, 4, 20])
        {
            Assert.True(read.TryPlan(Graph, "r1", Duration.FromSeconds(later), out var shifted));
            for (double t = 0; t < 12; t += 0.1)
            {
                // Half a nanosecond of rounding on the way.
                Assert.True(Vector2D.Distance(plan.At(Duration.FromSeconds(later + t)), shifted.At(Duration.FromSeconds(t))) < 1e-8, $"{later} {t}");
            }
        }
    }

    [Fact]
    public void TryPlan_NodeOrEdgeThatIsNotThere_IsRefused()
    {
        var message = PlanMessage.Of(Plan(), Graph, 3, 7, At(5), At(6));
        Assert.False((message with { Visits = [("9,9", default, default)] }).TryPlan(Graph, "r1", Duration.Zero, out _));
        Assert.False((message with { Visits = [("0,0", default, default), ("2,1", At(1) - At(0), At(1) - At(0))] }).TryPlan(Graph, "r1", Duration.Zero, out _));
    }

    [Fact]
    public void TryRead_ArbitraryBytes_IsTotal()
    {
        byte[] good = PlanWire.Write(PlanMessage.Of(Plan(), Graph, 3, 7, At(5), At(6)));
        var random = new RandomStream(9);
        for (int k = 0; k < 20_000; k++)
        {
            byte[] bytes = [.. good.AsSpan(0, k % 3 == 0 ? random.NextInt32(good.Length + 1) : good.Length)];
            for (int i = random.NextInt32(4); i > 0 && bytes.Length > 0; i--) bytes[random.NextInt32(bytes.Length)] = (byte)random.NextUInt64();
            if (PlanWire.TryRead(bytes, out var plan, out string fault)) plan.TryPlan(Graph, "r1", Duration.FromSeconds(1), out _);
            else Assert.NotEqual("", fault);
        }
        Assert.False(PlanWire.TryRead(new byte[PlanWire.MaxBytes + 1], out _, out _));
    }

    [Fact]
    public void FromGrid_LineAndRing_FindsCorridors()
    {
        // Three in a row: the middle one has two neighbours. The ends have one.
        var line = RouteGraph.FromGrid([true, true, true, true, true], 5, 1, 1, default, out _);
        Assert.Equal(1, line.CorridorCount);
        Assert.Equal([1, 2, 3], line.Corridor(0).ToArray());
        Assert.Equal(-1, line[0].Corridor);
        bool[] ring = [true, true, true, true, false, true, true, true, true];
        var round = RouteGraph.FromGrid(ring, 3, 3, 1, default, out _);
        Assert.Equal(1, round.CorridorCount);
        Assert.Equal(8, round.Corridor(0).Length);
        Assert.Equal(8, round.Corridor(0).ToArray().Distinct().Count());
    }

    private static PathPlan Plan() => new(Graph, "r1", 0.3, new(0, 0), [new(0, S(0), S(1)), new(1, S(2), S(2)), new(2, S(3), S(4)), new(4, S(5), S(9))]);

    private static Duration S(double seconds) => Duration.FromSeconds(seconds);

    private static Stamp At(double seconds) => Stamp.FromSeconds(seconds);
}
