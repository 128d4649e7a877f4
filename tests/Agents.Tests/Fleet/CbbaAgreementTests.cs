using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Bidding alone, without leases, board and time: thousands of fleets on a bad network, docs/fleet.md, guarantee 1.</summary>
public sealed class CbbaAgreementTests
{
    private const int Agents = 6, Tasks = 12, Limit = 3, BadRounds = 24, Bound = 2 * Tasks;

    [Fact]
    public void Rounds_AfterTheLastFault_AllAgreeOnWinners() => Seeds.ForEach(3000, seed => Run(seed, FleetMutation.None));

    [Fact]
    public void Rounds_WithoutTheReleaseOfLaterTasks_AreCaught() => Assert.NotNull(Seeds.FirstFailing(300, seed => Run(seed, FleetMutation.NoReleaseCascade)));

    [Fact]
    public void Rounds_WithoutMessages_AreCaught() => Assert.NotNull(Seeds.FirstFailing(3, seed => Run(seed, FleetMutation.None, silent: true)));

    private static string? Run(ulong seed, FleetMutation mutation, bool silent = false)
    {
        var random = RandomStream.For(seed, "cbba");
        var agents = new Cbba[Agents];
        double loss = random.NextDouble(0, 0.5), copies = random.NextDouble(0, 0.3);
        var tasks = Enumerable.Range(0, Tasks).Select(i => new FleetTask { Id = $"t{i:00}", X = random.NextDouble(0, 40), Y = random.NextDouble(0, 40), Reward = random.NextDouble(1, 10) }).ToArray();
        for (int i = 0; i < Agents; i++)
        {
            double x = random.NextDouble(0, 40), y = random.NextDouble(0, 40);
            agents[i] = new Cbba($"r{i}", 1, new DiscountedScorer((from, to) => Math.Sqrt(Square((from?.X ?? x) - to.X) + Square((from?.Y ?? y) - to.Y))), Limit) { Mutation = mutation };
        }
        var inFlight = new List<(int Due, int From, int To, ulong Counter, CbbaMessage Message)>();
        var heard = new ulong[Agents, Agents];
        int cutFrom = random.NextInt32(BadRounds), cutUntil = cutFrom + random.NextInt32(12);
        for (int round = 0; round < BadRounds + Bound; round++)
        {
            bool bad = round < BadRounds;
            var now = Stamp.FromSeconds(round + 1);
            for (int i = 0; i < Agents; i++)
            {
                // Tasks come up one by one, not everywhere at once.
                foreach (var task in tasks)
                {
                    if (!bad || random.NextInt32(4) == 0) agents[i].Put(task, now);
                }
                agents[i].Build(now);
                var message = new CbbaMessage();
                ulong counter = agents[i].Tell(message);
                for (int to = 0; to < Agents && !silent; to++)
                {
                    bool cut = bad && round >= cutFrom && round < cutUntil && (i < Agents / 2) != (to < Agents / 2);
                    if (to == i || cut || (bad && random.NextDouble() < loss)) continue;
                    for (int n = bad && random.NextDouble() < copies ? 2 : 1; n > 0; n--) inFlight.Add((round + (bad ? random.NextInt32(4) : 0), i, to, counter, message));
                }
            }
            // In any order; old ones are dropped by their numbers, as the node does.
            for (int k = inFlight.Count - 1; k >= 0; k--)
            {
                var (due, from, to, counter, message) = inFlight[k];
                if (due > round) continue;
                inFlight.RemoveAt(k);
                if (counter <= heard[from, to]) continue;
                heard[from, to] = counter;
                agents[to].Receive($"r{from}", counter, message, _ => false, now);
            }
        }
        foreach (var task in tasks)
        {
            string? winner = agents[0].Winner(task.Id);
            if (winner is null) return $"{task.Id} has no robot";
            foreach (var agent in agents)
            {
                if (agent.Winner(task.Id) != winner) return $"{task.Id} is {winner}'s for r0 and {agent.Winner(task.Id)}'s for {agent.Self}";
                if (agent.Bundle.Contains(task.Id) != (agent.Self == winner)) return $"{task.Id} is {winner}'s and {(agent.Self == winner ? "not in its bundle" : $"in {agent.Self}'s bundle")}";
            }
        }
        return null;
    }

    private static double Square(double x) => x * x;
}
