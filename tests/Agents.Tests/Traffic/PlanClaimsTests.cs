using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests.Traffic;

public class PlanClaimsTests
{
    private static readonly RouteGraph Graph = RouteGraph.FromGrid([true, true, true, true], 4, 1, 1, default, out _);

    [Fact]
    public void TryRead_RankClaimsAndMarks_RoundTrip()
    {
        var message = Message() with { Front = 2, Turn = 3, Urgency = -7, Left = 11, Stands = true, Held = 1, Claimed = 2, Since = ulong.MaxValue, Heard = [new PlanMark("r2", 4, 5), new PlanMark("r:3", uint.MaxValue, ulong.MaxValue)] };
        Assert.True(PlanWire.TryRead(PlanWire.Write(message), out var read, out string fault), fault);
        Assert.Equal((2, 3, -7, 11, true, 1, 2, ulong.MaxValue), (read.Front, read.Turn, read.Urgency, read.Left, read.Stands, read.Held, read.Claimed, read.Since));
        Assert.Equal(message.Heard, read.Heard);
        Assert.True(PlanWire.TryPeek(PlanWire.Write(message), out uint inc, out ulong seq));
        Assert.Equal((message.Inc, message.Seq), (inc, seq));
        Assert.True(read.Heard[0].Covers(4, 5) && read.Heard[0].Covers(4, 1) && !read.Heard[0].Covers(4, 6) && !read.Heard[0].Covers(3, 1));
    }

    [Fact]
    public void TryRead_PlanOfAnOlderProgram_ClaimsNothing()
    {
        Assert.True(PlanWire.TryRead("""{"v":1,"inc":1,"seq":1,"radius":0.3,"x":0,"y":0,"nodes":["0,0"],"inUs":[0],"outUs":[1]}"""u8, out var read, out _));
        Assert.Equal((0, 0, 0, false, 0), (read.Held, read.Claimed, read.Front, read.Stands, read.Heard.Count));
    }

    [Theory]
    [InlineData("\"held\":1", "\"held\":3")]
    [InlineData("\"claimed\":2", "\"claimed\":4")]
    [InlineData("\"held\":1", "\"held\":-1")]
    [InlineData("\"front\":0", "\"front\":2000000000")]
    [InlineData("\"turn\":0", "\"turn\":-1")]
    [InlineData("\"left\":0", "\"left\":-1")]
    [InlineData("\"robots\":[\"r2\"]", "\"robots\":[\"r/2\"]")]
    [InlineData("\"robots\":[\"r2\"]", "\"robots\":[null]")]
    [InlineData("\"robots\":[\"r2\"]", "\"robots\":[]")]
    [InlineData("\"incs\":[1]", "\"incs\":null")]
    public void TryRead_ClaimsOutOfRange_GivesOneSentence(string from, string to)
    {
        string text = Encoding.UTF8.GetString(PlanWire.Write(Message() with { Held = 1, Claimed = 2, Heard = [new PlanMark("r2", 1, 1)] }));
        Assert.Contains(from, text, StringComparison.Ordinal);
        Assert.False(PlanWire.TryRead(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), out _, out string fault));
        Assert.StartsWith("Plan: ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"inc\":-1,\"seq\":1}")]
    [InlineData("{\"inc\":\"1\",\"seq\":1}")]
    [InlineData("{\"inc\":1}")]
    [InlineData("{\"seq\":1,")]
    public void TryPeek_NoPlan_IsFalse(string text) => Assert.False(PlanWire.TryPeek(Encoding.UTF8.GetBytes(text), out _, out _));

    [Fact]
    public void Near_RandomSegments_AgreesWithSampling()
    {
        var random = new RandomStream(5);
        int near = 0;
        for (int k = 0; k < 3000; k++)
        {
            Vector2D a0 = Point(), a1 = k % 10 == 0 ? a0 : Point(), b0 = Point(), b1 = k % 7 == 0 ? b0 : Point();
            double least = double.PositiveInfinity;
            for (int i = 0; i <= 200; i++) least = Math.Min(least, Vector2D.Distance(a0 + (a1 - a0) * (i / 200.0), Vector2D.Nearest(b0, b1, a0 + (a1 - a0) * (i / 200.0))));
            double distance = random.NextDouble(0.1, 2);
            // Samples lie up to 4 / 400 m from the nearest point.
            if (Math.Abs(least - distance) < 0.03) continue;
            Assert.Equal(least < distance, ClaimLine.Near(a0, a1, b0, b1, distance));
            Assert.Equal(least < distance, ClaimLine.Near([b0, b1], [a0, a1], distance));
            if (least < distance) near++;
        }
        Assert.InRange(near, 500, 2500);
        Assert.False(ClaimLine.Near([], [default], 1));
        Assert.True(ClaimLine.Near([default], [new(0.5, 0)], 1));
        Assert.False(ClaimLine.Near([default], [new(1, 0)], 1));

        Vector2D Point() => new(random.NextDouble(-1.5, 1.5), random.NextDouble(-1.5, 1.5));
    }

    [Fact]
    public void TicksTo_BlockedNodes_LeadAround()
    {
        var ring = RouteGraph.FromGrid([true, true, true, true, false, true, true, true, true], 3, 3, 1, default, out int[] at);
        var step = Duration.FromSeconds(1);
        Assert.Equal(2, ring.TicksTo(at[2], 1, step)[at[0]]);
        var blocked = new bool[ring.NodeCount];
        blocked[at[1]] = true;
        Assert.Equal(6, ring.TicksTo(at[2], 1, step, blocked)[at[0]]);
        blocked[at[7]] = true;
        Assert.Equal(int.MaxValue, ring.TicksTo(at[2], 1, step, blocked)[at[0]]);
    }

    private static PlanMessage Message()
        => PlanMessage.Of(new PathPlan(Graph, "r1", 0.3, default, [new PathVisit(0, default, Duration.FromSeconds(1)), new PathVisit(1, Duration.FromSeconds(2), Duration.FromSeconds(3))]), Graph, 7, 9, default, default);
}
