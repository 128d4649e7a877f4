using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>docs/fleet.md, guarantee 4: what is merged comes out the same in any order, in any grouping, and however often it comes.</summary>
public sealed class MergeLawTests
{
    private static readonly Stamp Now = Stamp.FromSeconds(1);

    [Fact]
    public void News_AnyOrderAndCopies_IsTheGreatestOfEach() => Seeds.ForEach(500, seed =>
    {
        var random = RandomStream.For(seed, "news");
        string[] robots = ["a", "b", "c", "d"];
        var messages = Enumerable.Range(0, 6).Select(n => (Sender: robots[random.NextInt32(4)], Counter: (ulong)(1 + random.NextInt32(50)), Stamps: robots.Select(_ => (ulong)random.NextInt32(60)).ToArray())).ToArray();
        string straight = Merge(messages), shuffled = Merge(Shuffled(random, [.. messages, .. messages])), grouped = Merge([.. messages[3..], .. messages[..3], .. messages[2..4]]);
        return straight == shuffled && straight == grouped ? null : $"{straight} / {shuffled} / {grouped}";

        string Merge((string Sender, ulong Counter, ulong[] Stamps)[] order)
        {
            var cbba = new Cbba("i", 1, new DiscountedScorer((_, _) => 1), 2);
            foreach (var (sender, counter, stamps) in order)
            {
                var message = new CbbaMessage();
                for (int i = 0; i < robots.Length; i++)
                {
                    if (robots[i] == sender) continue;
                    message.Robots.Add(robots[i]);
                    message.Stamps.Add(stamps[i]);
                }
                cbba.Receive(sender, counter, message, _ => false, Now);
            }
            return string.Join(" ", robots.Select(r => cbba.NewsOf(r)));
        }
    });

    [Fact]
    public void Status_AnyOrderAndCopies_IsTheLatestOfTheLatestStart() => Seeds.ForEach(500, seed =>
    {
        var random = RandomStream.For(seed, "status");
        var said = Enumerable.Range(0, 7).Select(n => (new FleetEnvelope((uint)(1 + n / 3), (ulong)(1 + n % 3), 0, n), new StatusMessage((RobotPresence)(1 + random.NextInt32(3)), $"v{n}", 0, (uint)n))).ToArray();
        string straight = Told(said), shuffled = Told(Shuffled(random, [.. said, .. said, .. said]));
        return straight == shuffled && straight.StartsWith("3 v6", StringComparison.Ordinal) ? null : $"{straight} / {shuffled}";

        static string Told((FleetEnvelope, StatusMessage)[] order)
        {
            var members = new Membership(new MemberOptions(), (_, _) => { });
            foreach (var (envelope, status) in order) members.OnStatus("a", envelope, status, retained: true, Now);
            var member = members.Find("a")!;
            return $"{member.Incarnation} {member.Software} {member.Presence} {member.VoterOf}";
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Task_AnyOrderAndCopies_EndsTheSame(bool finished)
    {
        FleetTask open = new() { Id = "t", X = 1, Y = 2, Reward = 3 };
        // A board starts again in between; its numbers start over, its incarnation does not.
        (FleetEnvelope Envelope, FleetTask Task)[] told =
        [
            (new FleetEnvelope(1, 1, 0, 0), open),
            (new FleetEnvelope(1, 2, 0, 0), open with { State = TaskState.Held, Why = "why" }),
            (new FleetEnvelope(1, 3, 1, 0), open with { Revision = 1 }),
            (new FleetEnvelope(2, 1, 1, 0), open with { Revision = 1, State = TaskState.Held, Why = "again" }),
            (new FleetEnvelope(2, 2, 2, 0), open with { Revision = 2, State = finished ? TaskState.Done : TaskState.Open, By = finished ? "r9" : null }),
        ];
        var expected = told[^1].Task;
        int runs = 0;
        foreach (var order in Permutations([0, 1, 2, 3, 4]))
        {
            Assert.Equal(expected, Final([.. order.Select(i => told[i])]));
            Assert.Equal(expected, Final([.. order.SelectMany(i => new[] { told[i], told[order[0]] })]));
            runs++;
        }
        Assert.Equal(120, runs);
    }

    private static FleetTask? Final((FleetEnvelope Envelope, FleetTask Task)[] order)
    {
        var hub = new MemoryHub(1);
        var store = new MemoryPromiseStore();
        var roster = new Roster(1, "a");
        var clock = hub.CreateClock();
        var presence = new FleetPresence(new FleetTopics("s", "a"), store, clock);
        var link = hub.CreateLink(Site.Options("a"));
        using var node = new FleetNode(link, presence, store, new FleetOptions { Site = "s", Robot = "a", Roster = roster }, new DiscountedScorer((_, _) => 1), Stamp.Zero);
        var board = hub.CreateLink(Site.Options("board"));
        _ = link.StartAsync();
        _ = board.StartAsync();
        hub.RunUntil(Stamp.FromSeconds(0.01));
        foreach (var (envelope, task) in order)
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(bytes)) task.Write(json, envelope);
            board.Post(LinkTopic.Parse("ea/v1/s/task/t"), bytes.WrittenSpan, new PublishOptions(PublishClass.Command));
        }
        hub.RunUntil(Stamp.FromSeconds(1));
        node.Step(Stamp.FromSeconds(1));
        return node.FindTask("t");
    }

    private static T[] Shuffled<T>(RandomStream random, T[] items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int k = random.NextInt32(i + 1);
            (items[i], items[k]) = (items[k], items[i]);
        }
        return items;
    }

    private static IEnumerable<int[]> Permutations(int[] items)
    {
        if (items.Length <= 1)
        {
            yield return items;
            yield break;
        }
        foreach (int first in items)
        {
            foreach (int[] rest in Permutations([.. items.Where(i => i != first)])) yield return [first, .. rest];
        }
    }
}
