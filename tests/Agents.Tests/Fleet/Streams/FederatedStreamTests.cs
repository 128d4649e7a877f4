using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class FederatedStreamTests
{
    private const long Second = FederatedFleet.Second;

    [Fact]
    public void Rounds_NothingGoesWrong_EveryRobotCountsInEveryRound()
    {
        var world = new FederatedFleet(2, faults: 0);
        Assert.Null(world.Drive());
        Assert.Equal((int)FederatedFleet.Rounds + 1, world.Models);
        var head = world.Robots[0].Stream!.Model.Head;
        Assert.All(FederatedFleet.Names, n => Assert.Equal(FederatedFleet.Rounds, head.LastOf(n)));
        Assert.All(world.Robots, r => Assert.Equal(0, r.Node!.Counters.Malformed + r.Stream!.Counters.Rejected));
    }

    /// <summary>Guarantee 12: whatever the network and the coordinators do, each model is, bit for bit, what its contributors make of its parent; and the fleet comes to its end with one model.</summary>
    [Fact]
    public void Rounds_EverythingGoesWrong_EqualTheDirectComputation() => Seeds.ForEach(300, seed => FederatedFleet.Run(seed));

    [Theory]
    [InlineData((int)FederatedMutation.SecondUploadAdds)]
    [InlineData((int)FederatedMutation.OrderOfArrival)]
    [InlineData((int)FederatedMutation.CountsLateOnesAgain)]
    public void Rounds_BrokenRule_AreCaught(int mutation) => Assert.NotNull(Seeds.FirstFailing(300, seed => FederatedFleet.Run(seed, (FederatedMutation)mutation)));

    [Fact]
    public void Rounds_SameSeed_SameRun()
    {
        ulong Trace()
        {
            var world = new FederatedFleet(11);
            Assert.Null(world.Drive());
            return world.Hub.TraceHash;
        }
        Assert.Equal(Trace(), Trace());
    }

    [Fact]
    public void Rounds_SlowRobot_CountsLateWithLessWeight()
    {
        var world = new FederatedFleet(3, faults: 0);
        world.Robots[4].SlowSeconds = 10;
        Assert.Null(world.Drive(() => Array.TrueForAll(world.Robots, r => r.Stream!.Model.Head.Round == FederatedFleet.Rounds)));
        Assert.True(world.LateTaken > 0);
    }

    [Fact]
    public void Rounds_CoordinatorKilledInARound_GoOnUnderTheNext()
    {
        var world = new FederatedFleet(6, faults: 0);
        string? killed = null;
        Assert.Null(world.Drive(() => (killed ??= Kill(world)) is not null && world.Robots.Count(r => r.Stream?.Model.Head.Round == FederatedFleet.Rounds) == 4));
        Assert.True(world.Robots.First(r => r.Stream is not null).Stream!.Model.Head.LastOf(killed!) < FederatedFleet.Rounds);
    }

    [Fact]
    public void Robot_Restarted_OffersWhatItKeptAndDoesNotTrainAgain()
    {
        var world = new FederatedFleet(10, faults: 0);
        FederatedRobot? robot = null;
        bool restarted = false;
        Assert.Null(world.Drive(() =>
        {
            robot ??= Array.Find(world.Robots, r => r.Stream!.Counters.Trained == 1 && r.Node!.Coordinator is { } c && c != r.Name && r.Stream.Model.Head.Round == 0);
            if (robot is not null && !restarted)
            {
                robot.Crash();
                robot.Start();
                restarted = true;
            }
            return restarted && robot!.Stream!.Model.Head.Round == 1;
        }));
        Assert.Equal((0, 1u), (robot!.Stream!.Counters.Trained, robot.Stream.Model.Head.LastOf(robot.Name)));
    }

    [Fact]
    public void Model_NotKept_IsNotAnnounced()
    {
        var world = new FederatedFleet(2, faults: 0);
        foreach (var robot in world.Robots) robot.Store.Refuses = true;
        Assert.Null(world.Drive(() => world.Hub.Now.Nanoseconds > 30 * Second));
        Assert.Equal(1, world.Models);
        Assert.Contains(world.Robots, r => r.Stream!.Counters.StoreFailures > 0);
        foreach (var robot in world.Robots) robot.Store.Refuses = false;
        Assert.Null(world.Drive());
    }

    [Fact]
    public void Robot_Drives_SendsNoChunks()
    {
        var world = new FederatedFleet(2, faults: 0);
        foreach (var robot in world.Robots) robot.Stream!.IsPaused = true;
        Assert.Null(world.Drive(() => world.Hub.Now.Nanoseconds > 15 * Second));
        Assert.All(world.Robots, r => Assert.Equal(0, r.Stream!.Counters.ChunksSent));
        Assert.Contains(world.Robots, r => r.Stream!.Counters.Trained > 0);
        Assert.Null(world.Drive());
    }

    [Fact]
    public void Chunks_Sent_KeepToTheRate()
    {
        var world = new FederatedFleet(2, faults: 0);
        Assert.Null(world.Drive(() =>
        {
            double seconds = world.Hub.Now.Nanoseconds / 1e9;
            foreach (var robot in world.Robots) Assert.True(robot.Stream!.Counters.BytesSent <= world.Options.Burst + 1.002 * world.Options.BytesPerSecond * seconds + 4096);
            return seconds > 20;
        }));
    }

    [Fact]
    public void Messages_Hostile_NeitherBreakNorStopARound()
    {
        for (ulong seed = 1; seed <= 8; seed++)
        {
            var world = new FederatedFleet(4 * seed + 2, faults: 0);
            var random = RandomStream.For(seed, "hostile");
            var link = world.Hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = "x" });
            _ = link.StartAsync();
            var topics = new FleetTopics("s", "x");
            List<byte[]> seen = [];
            link.Subscribe(topics.Filter("r/+/fl/#"), new SubscribeOptions(InboxQueue.Bulk, 0));
            var message = new LinkMessage();
            long nextAt = 0;
            Assert.Null(world.Drive(() =>
            {
                long now = world.Hub.Now.Nanoseconds;
                while (link.Inbox.TryTake(message))
                {
                    if (seen.Count < 500) seen.Add(message.Payload.ToArray());
                }
                if (now >= nextAt)
                {
                    nextAt = now + 50 * FederatedFleet.Ms;
                    string to = FederatedFleet.Names[random.NextInt32(5)];
                    string topic = random.NextInt32(7) switch { 0 => "call", 1 => $"report.{to}", 2 => $"need.{to}", 3 => "list", 4 => $"list.{to}", 5 => "chunk", _ => $"chunk.{to}" };
                    link.Post(topics.Own("fl/" + topic), Spoil(random, seen), new PublishOptions(PublishClass.Command));
                }
                return now > 20 * Second && Array.TrueForAll(world.Robots, r => r.Stream!.Model.Head.Round == FederatedFleet.Rounds);
            }));
            Assert.Contains(world.Robots, r => r.Node!.Counters.Malformed > 0);
            Assert.Contains(world.Robots, r => r.Stream!.Counters.Ignored > 0);
        }
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new FederatedStreamOptions { ChunkBytes = 1000 }.Check(1));
        Assert.Throws<ArgumentException>(() => new FederatedStreamOptions { MaxBytes = 100 }.Check(26));
        Assert.Throws<ArgumentException>(() => new FederatedStreamOptions { MaxLag = 9 }.Check(1));
        Assert.Throws<ArgumentException>(() => new FederatedStreamOptions { Retry = Duration.Zero }.Check(1));
        Assert.Throws<ArgumentException>(() => FederatedModel.Shipped([1, float.NaN]));
        Assert.Throws<ArgumentException>(() => FederatedModel.Shipped([]));
    }

    [Fact]
    public void Topics_LongestNames_FitTheLimits()
    {
        string longest = new('x', FleetTopics.MaxRobotName);
        Assert.Equal(LinkTopic.MaxLevels, new FleetTopics(new string('s', 24), longest).Own("fl/report." + longest).Text.Count(c => c == '/') + 1);
    }

    private static string? Kill(FederatedFleet world)
    {
        if (Array.Find(world.Robots, r => r.Stream is { OpenRound: 2, Participants: > 0 }) is not { } leader) return null;
        leader.Crash();
        return leader.Name;
    }

    // Real messages with bytes changed, cut off or numbers made large, and plain noise.
    private static byte[] Spoil(RandomStream random, List<byte[]> seen)
    {
        byte[] bytes = seen.Count > 0 && random.NextInt32(5) > 0 ? [.. seen[random.NextInt32(seen.Count)]] : new byte[random.NextInt32(200)];
        if (random.NextInt32(4) == 0) bytes = bytes[..random.NextInt32(bytes.Length + 1)];
        for (int k = random.NextInt32(4); k > 0 && bytes.Length > 0; k--) bytes[random.NextInt32(bytes.Length)] = random.NextInt32(2) == 0 ? (byte)('0' + random.NextInt32(10)) : (byte)random.NextUInt64();
        return bytes;
    }
}
