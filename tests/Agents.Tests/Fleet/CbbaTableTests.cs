using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Every cell of the table by hand: who the sender k, the receiver i and others think wins, and what is known, against the rule as the paper has it.</summary>
public sealed class CbbaTableTests
{
    private const CbbaParty I = CbbaParty.Receiver, K = CbbaParty.Sender, M = CbbaParty.Third, None = CbbaParty.Nobody;
    private const CbbaAction L = CbbaAction.Leave, U = CbbaAction.Update, R = CbbaAction.Reset;

    // Cell, sender's winner, receiver's winner, same third, (better, newer A, older A, newer B), action.
    private static readonly (int Cell, CbbaParty A, CbbaParty B, bool Same, bool Better, bool NewerA, bool OlderA, bool NewerB, CbbaAction Action)[] Cases =
    [
        (0, K, I, false, true, true, false, false, U), (0, K, I, false, false, true, false, false, L),
        (1, K, K, false, false, true, false, true, U), (1, K, K, false, true, true, false, true, U),
        (2, K, M, false, false, true, false, true, U), (2, K, M, false, true, true, false, false, U), (2, K, M, false, false, true, false, false, L),
        (3, K, None, false, false, true, false, false, U), (3, K, None, false, true, true, false, false, U),
        (4, I, I, false, true, false, true, false, L), (4, I, I, false, false, false, true, false, L),
        (5, I, K, false, true, false, true, true, R), (5, I, K, false, false, false, true, true, R),
        (6, I, M, false, true, false, true, true, R), (6, I, M, false, true, false, true, false, L),
        (7, I, None, false, true, false, true, false, L),
        (8, M, I, false, true, true, false, false, U), (8, M, I, false, true, false, false, false, L), (8, M, I, false, false, true, false, false, L),
        (9, M, K, false, false, true, false, true, U), (9, M, K, false, true, false, false, true, R), (9, M, K, false, true, false, true, true, R),
        (10, M, M, true, false, true, false, true, U), (10, M, M, true, true, false, false, false, L), (10, M, M, true, true, false, true, false, L),
        (11, M, M, false, false, true, false, true, U), (11, M, M, false, true, true, false, false, U), (11, M, M, false, false, true, false, false, L),
        (11, M, M, false, true, false, true, true, R), (11, M, M, false, false, false, true, true, R), (11, M, M, false, true, false, false, true, L),
        (11, M, M, false, true, false, true, false, L), (11, M, M, false, true, false, false, false, L),
        (12, M, None, false, true, true, false, false, U), (12, M, None, false, true, false, false, false, L),
        (13, None, I, false, false, false, false, false, L),
        (14, None, K, false, false, false, false, true, U),
        (15, None, M, false, false, false, false, true, U), (15, None, M, false, false, false, false, false, L),
        (16, None, None, false, false, false, false, false, L),
    ];

    [Fact]
    public void Table_EveryCell_DecidesAsThePaper()
    {
        foreach (var c in Cases)
        {
            Assert.Equal(c.Cell, CbbaTable.Cell(c.A, c.B, c.Same));
            Assert.Equal(c.Action, CbbaTable.Decide(c.Cell, new CbbaTable.News(c.Better, c.NewerA, c.OlderA, c.NewerB)));
        }
        Assert.Equal(Enumerable.Range(0, CbbaTable.Cells), Cases.Select(c => c.Cell).Distinct());
    }

    [Fact]
    public void Receive_EveryCell_ActsAsTheTable()
    {
        foreach (var c in Cases) Assert.True(Acts(c, -1), $"Cell {c.Cell}: {c}");
    }

    [Fact]
    public void Receive_AnyCellFlipped_IsCaught()
    {
        // In the last cell nobody wins in either belief: all three actions come to the same.
        for (int cell = 0; cell < CbbaTable.Cells - 1; cell++) Assert.True(Cases.Any(c => !Acts(c, cell)), $"Cell {cell} can be flipped unseen.");
    }

    [Fact]
    public void Receive_NewsMergedBeforeTheRows_IsCaught() => Assert.Contains(Cases, c => !Acts(c, -1, FleetMutation.HalfUpdatedCbba));

    // Builds the two beliefs with names and counters, lets the message in, and looks at who wins afterwards.
    private static bool Acts((int Cell, CbbaParty A, CbbaParty B, bool Same, bool Better, bool NewerA, bool OlderA, bool NewerB, CbbaAction Action) c, int flipped, FleetMutation mutation = FleetMutation.None)
    {
        string? a = Name(c.A, "m"), b = Name(c.B, c.Same ? "m" : "n");
        // What cannot be: the sender knows itself best, the receiver itself.
        ulong ownA = 10, theirA = c.NewerA ? 11u : c.OlderA ? 9u : 10u, ownB = 10, theirB = c.NewerB ? 11u : 10u;
        if (c.Same) theirB = theirA;
        double theirs = a is null ? 0 : c.Better ? 6 : 4, own = b is null ? 0 : 5;
        var cbba = new Cbba("i", 1, new Flat(), 1) { Mutation = mutation };
        Believe(cbba, own, b, (c.A == M ? ("m", ownA) : default, c.B == M ? (c.Same ? "m" : "n", ownB) : default));
        cbba.FlippedCell = flipped;
        var message = new CbbaMessage();
        Tell(message, theirs, a);
        if (c.A == M) Know(message, "m", theirA);
        if (c.B == M && !c.Same) Know(message, "n", theirB);
        cbba.Receive("k", 20, message, _ => false, Stamp.Zero);
        var (winner, bid) = (cbba.Winner("t"), cbba.Bid("t"));
        return c.Action switch
        {
            U => winner == a && bid == theirs,
            R => winner is null && bid == 0,
            _ => winner == b && bid == own,
        };
    }

    private static string? Name(CbbaParty party, string third) => party switch { I => "i", K => "k", M => third, _ => null };

    private static void Believe(Cbba cbba, double bid, string? winner, ((string, ulong) First, (string, ulong) Second) news)
    {
        var task = new FleetTask { Id = "t", Reward = 5 };
        cbba.Put(task, Stamp.Zero);
        if (winner == "i") cbba.Build(Stamp.Zero);
        var message = new CbbaMessage();
        if (winner is "k" or "m" or "n")
        {
            // k said so itself; the others by their own word, then the counters are set as the case wants them.
            Tell(message, bid, winner);
            cbba.Receive(winner, winner == "k" ? 10u : 1u, message, _ => false, Stamp.Zero);
            message = new CbbaMessage();
        }
        foreach (var (robot, stamp) in new[] { news.First, news.Second })
        {
            if (robot != null) Know(message, robot, stamp);
        }
        // Somebody who knows no task brings the news.
        cbba.Receive("z", 1, message, _ => false, Stamp.Zero);
    }

    private static void Tell(CbbaMessage message, double bid, string? winner)
    {
        message.Tasks.Add("t");
        message.Bids.Add(bid);
        message.Winners.Add(winner is null ? -1 : message.Robots.Count);
        if (winner is not null) Know(message, winner, 0);
    }

    private static void Know(CbbaMessage message, string robot, ulong stamp)
    {
        int at = message.Robots.IndexOf(robot);
        if (at >= 0)
        {
            message.Stamps[at] = stamp;
            return;
        }
        message.Robots.Add(robot);
        message.Stamps.Add(stamp);
    }

    private sealed class Flat : ITaskScorer
    {
        public double Score(ReadOnlySpan<FleetTask> path) => path.Length == 0 ? 0 : 5;
    }
}
