using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>What reaches a fleet that should not: no broker, wrong credentials, other versions, noise, wrong clocks, a name that is taken.</summary>
[Trait("Clock", "Real")]
public sealed class FleetInputTests
{
    [SkippableFact]
    public void Robot_WhoseBrokerGoesAway_GoesOnWithWhatItMayDoAlone()
    {
        using var broker = Broker();
        using var bench = new FleetBench(broker.Address, "r1", "r2", "r3");
        var robot = bench.Join("r1");
        robot.Works = false;
        bench.Start(FleetBench.Tasks(2));
        bench.Await(() => robot.Node.AssignmentLength == 2, "the robot knows its tasks");
        broker.Kill();
        bench.Await(() => robot.Link.Status.State is LinkState.Down, "the loss is noticed");
        Assert.NotEmpty(robot.Link.Status.Reason);
        bench.Await(() => robot.Node.MayStart("t1", FleetBench.Now) == StartVerdict.Yes, "the idempotent task may begin");
        Assert.Equal(StartVerdict.NoLease, robot.Node.MayStart("t0", FleetBench.Now));
        robot.Works = true;
        bench.Await(() => bench.Effects.WasDone("t1"), "it is done alone");
        bench.Pass(3);
        Assert.False(bench.Effects.WasDone("t0"));
        // Back again the board hears of it.
        broker.Restart();
        bench.Await(() => bench.Board.Find("t1") is { State: TaskState.Done, By: "r1" }, "the board has noted it");
    }

    [SkippableFact]
    public void Robot_ThatNeverHadABroker_SaysWhyAndLives()
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        int port = FleetBench.ClosedPort();
        using var bench = new FleetBench(new Uri($"mqtt://127.0.0.1:{port}"), "r1");
        var robot = bench.Join("r1");
        bench.Await(() => robot.Link.Status.State == LinkState.Down, "it is not there");
        bench.Pass(2);
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), robot.Reasons[0], StringComparison.Ordinal);
        Assert.True(robot.Node.Counters.NotSent > 0);
    }

    [SkippableTheory]
    [InlineData("rover", "wrong", false)]
    [InlineData(null, null, false)]
    [InlineData("rover", "right", true)]
    public void Credentials_Wrong_AreRefusedWithARemedy(string? user, string? password, bool enters)
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
        using var broker = new MosquittoBroker((port, folder) =>
        {
            string file = Path.Combine(folder, "passwords");
            File.WriteAllText(file, $"rover:{Hashed("right")}\n");
            return $"listener {port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1\nallow_anonymous false\npassword_file {file}\n";
        });
        string? secret = null;
        if (password is not null) File.WriteAllText(secret = Path.Combine(broker.Folder, "secret"), password + "\n");
        using var bench = new FleetBench(broker.Address, "r1");
        var robot = bench.Join("r1", default, o => o with { User = user, PasswordFile = secret });
        bench.Await(() => robot.Link.Status.State is LinkState.Up or LinkState.Refused, "the broker answers");
        Assert.Equal(enters ? LinkState.Up : LinkState.Refused, robot.Link.Status.State);
        if (enters) return;
        Assert.Contains("check User and PasswordFile", robot.Link.Status.Reason, StringComparison.Ordinal);
        if (password is not null) Assert.DoesNotContain(password, robot.Link.Status.Reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Noise_OnEveryTopicOfTheSite_IsCountedAndHurtsNobody()
    {
        using var broker = Broker();
        using var bench = new FleetBench(broker.Address, "r1", "r2", "r3");
        foreach (string name in (string[])["r1", "r2", "r3"]) bench.Join(name).Works = false;
        bench.Await(() => bench.Rigs.All(r => r.Link.Status.State == LinkState.Up), "all are up");
        var noise = new MosquittoLink(LinkSite.Options("noise") with { Broker = broker.Address, CommandQueue = 4000 });
        _ = noise.StartAsync();
        bench.Await(() => noise.Status.State == LinkState.Up, "the noise is up");
        var random = RandomStream.For(5, "noise");
        int sent = 0;
        for (int i = 0; i < 60; i++)
        {
            // Every message under a name of its own, so that none replaces another before it is read.
            string from = $"ea/v1/{FleetBench.Site}/r/x{i}/";
            foreach (string topic in (string[])[from + "status", from + "beacon", from + "cbba", from + "claim/t0", from + "claim/coord", from + "vote/t0", from + "vote/coord", from + "hb", from + "hback/r1", $"ea/v1/{FleetBench.Site}/task/x{i}"])
            {
                noise.Post(LinkTopic.Parse(topic), Payload(random, i), new PublishOptions(PublishClass.Command, ExpirySeconds: 60));
                sent++;
            }
            bench.Pass(0.02);
        }
        // What is for r1 alone does not reach the others.
        bench.Await(() => bench.Rigs[0].Node.Counters.Malformed >= sent && bench.Rigs[1].Node.Counters.Malformed >= sent - 60, "all is counted");
        Assert.Equal(sent, bench.Rigs[0].Node.Counters.Malformed);
        Assert.Equal(sent - 60, bench.Rigs[1].Node.Counters.Malformed);
        // Nobody came to be by it, and work goes on.
        Assert.All(bench.Rigs, r => Assert.DoesNotContain(r.Node.Members.Members, m => m.Robot.StartsWith('x')));
        bench.Start(FleetBench.Tasks(4));
        foreach (var rig in bench.Rigs) rig.Works = true;
        bench.Await(() => bench.Board.Unfinished == 0, "all tasks are done");
        Assert.Equal(0, bench.Effects.DoneTwice);
        noise.StopAsync(graceful: false).Wait(TimeSpan.FromSeconds(5));
    }

    [SkippableFact]
    public void Clock_OneHourOff_TakesPartLikeAllOthers()
    {
        using var broker = Broker();
        using var bench = new FleetBench(broker.Address, "r1", "r2", "r3");
        bench.Join("r1", TimeSpan.FromHours(1));
        bench.Join("r2");
        bench.Join("r3", TimeSpan.FromHours(-1));
        bench.Start(FleetBench.Tasks(9));
        bench.Await(() => bench.Board.Unfinished == 0, "all tasks are done");
        Assert.Equal((0, 0), (bench.Effects.DoneTwice, bench.Board.DoneTwice));
        Assert.True(bench.Board.Tasks.Select(t => t.By).Distinct().Count() > 1);
        foreach (var rig in bench.Rigs)
        {
            bench.Await(() => rig.Node.Members.Members.Count(m => m is { State: MemberState.Alive } && m.Robot != "board") == 2, "it holds the other two for alive");
            bench.Await(() => rig.Node.Coordinator is not null, "it knows the coordinator");
        }
    }

    [SkippableFact]
    public void Name_OfTwoRobots_IsNoticedAndNoTaskIsDoneTwice()
    {
        using var broker = Broker();
        using var bench = new FleetBench(broker.Address, "r1", "r2", "r3");
        bench.Join("r1");
        bench.Join("r2");
        bench.Join("r3");
        // Its disk was made at another time, so that it does not even share the incarnation.
        bench.Join("r1", TimeSpan.FromMinutes(1));
        bench.Start(FleetBench.Tasks(8));
        bench.Await(() => bench.Rigs.Any(r => r.Name == "r1" && r.Reasons.Exists(w => w.Contains("another client used the name", StringComparison.Ordinal))), "one of the two says so");
        bench.Await(() => bench.Board.Unfinished == 0, "all tasks are done all the same");
        Assert.Equal(0, bench.Effects.DoneTwice);
        // And the fleet's own word on it: one of them saw messages of its name that it had not sent.
        bench.Await(() => bench.Rigs.Any(r => r.Name == "r1" && r.Node.Counters.Reincarnations > 0), "a robot has moved above its double");
    }

    private static MosquittoBroker Broker()
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
        return new MosquittoBroker((port, _) => $"listener {port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\npersistence false\nmax_queued_messages 10000\n");
    }

    // Another version, then nothing, then bytes of any kind, then JSON of any kind.
    private static byte[] Payload(RandomStream random, int i)
    {
        switch (i % 4)
        {
            case 0:
                byte[] binary = new byte[64];
                (binary[0], binary[1], binary[4], binary[8]) = (2, 1, 1, 1);
                return binary;
            case 1:
                return "{\"v\":2,\"inc\":1,\"seq\":1,\"epoch\":0,\"t\":1,\"state\":\"ONLINE\"}"u8.ToArray();
            case 2:
                byte[] bytes = new byte[random.NextInt32(200)];
                for (int k = 0; k < bytes.Length; k++) bytes[k] = (byte)random.NextUInt64();
                // Of this version it might be a message by chance.
                if (bytes.Length > 0 && bytes[0] is 1 or (byte)'{') bytes[0] = 0xFF;
                return bytes;
            default:
                return Encoding.UTF8.GetBytes("{\"v\":1,\"inc\":" + new string('9', 1 + random.NextInt32(40)) + ",\"state\":[[[[{}]]]");
        }
    }

    // As mosquitto_passwd writes it: PBKDF2 with SHA-512.
    private static string Hashed(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(12);
        return $"$7$101${Convert.ToBase64String(salt)}${Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(password, salt, 101, HashAlgorithmName.SHA512, 64))}";
    }
}
