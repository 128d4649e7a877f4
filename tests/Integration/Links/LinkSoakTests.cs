using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Tests;
using Xunit.Abstractions;

namespace EdgeAutonomy.Integration;

/// <summary>Eight links, a hundred messages a second each, a minute long, while the broker is killed or restarted every ten seconds: what was not delivered was counted, and nothing grows.</summary>
/// <remarks>A minute of both cores is too much for every run: <c>EDGEAUTONOMY_SOAK=60 ./edge test Integration</c> asks for it, the number being seconds.</remarks>
[Trait("Clock", "Real")]
[Trait("Category", "Soak")]
public sealed class LinkSoakTests(ITestOutputHelper output)
{
    private const int Links = 8, PeriodMs = 10;
    private const double BrokerEvery = 10, BrokerGone = 1, Quiet = 2.5;

    [SkippableFact]
    public void Links_WhileTheBrokerComesAndGoes_LoseNothingSilentlyAndGrowNothing()
    {
        Skip.IfNot(double.TryParse(Environment.GetEnvironmentVariable("EDGEAUTONOMY_SOAK"), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds >= 15, "EDGEAUTONOMY_SOAK is not set; EDGEAUTONOMY_SOAK=60 runs a minute (at least 15).");
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        using var broker = MosquittoBroker.Open();
        int filesAtFirst = Files();
        var peers = Enumerable.Range(0, Links).Select(i => new Peer(broker.Address, i)).ToArray();
        Pass(peers, () => peers.All(p => p.Link.Status.State == LinkState.Up), "all are up");
        var clock = Stopwatch.StartNew();
        double nextFault = BrokerEvery, back = double.PositiveInfinity, lastFault = double.NegativeInfinity, quietFrom = 0;
        int kills = 0, stops = 0;
        (int Files, int Threads, double ManagedMiB, double ResidentMiB) warm = default;
        for (long tick = 0; clock.Elapsed.TotalSeconds < seconds;)
        {
            double now = clock.Elapsed.TotalSeconds;
            if (now >= nextFault && now < seconds - 5)
            {
                if ((kills + stops) % 2 == 0) (kills, _) = (kills + 1, Do(broker.Kill));
                else (stops, _) = (stops + 1, Do(broker.Stop));
                (lastFault, back, nextFault) = (now, now + BrokerGone, nextFault + BrokerEvery);
                foreach (var peer in peers) peer.NoteFault(now);
            }
            if (now >= back)
            {
                broker.Restart();
                (back, quietFrom) = (double.PositiveInfinity, now + Quiet);
            }
            // After the first loss and return everything that is made once has been made.
            if (warm == default && lastFault > 0 && now > quietFrom && double.IsPositiveInfinity(back)) warm = Size();
            for (long due = clock.ElapsedMilliseconds / PeriodMs; tick < due; tick++)
            {
                foreach (var peer in peers) peer.Post(tick, now, isQuiet: now >= quietFrom && now < nextFault - Quiet && double.IsPositiveInfinity(back));
            }
            foreach (var peer in peers) peer.Take();
            Thread.Sleep(1);
        }
        Pass(peers, () => peers.All(p => p.Link.Status.State == LinkState.Up && p.IsSettled), "all have settled");
        Pass(peers, () => Enumerable.Range(0, Links).All(i => peers[(i + 1) % Links].LatestState == peers[i].LastState), "the latest state of everybody has arrived");
        Pass(peers, () => peers.All(p => p.MissingOf(peers) == 0), "what was acknowledged in quiet times has arrived");
        var end = Size();
        foreach (var peer in peers)
        {
            var c = peer.Link.Counters;
            output.WriteLine($"{peer.Name}: {c}");
            Assert.Equal(c.Posted, c.Sent + c.Acknowledged + c.Refused + c.Replaced + c.Dropped + c.Unknown);
            Assert.Equal((0L, 0L, 0L, 0L), (c.Refused, c.ReceivedDropped, c.Malformed, c.SubscriptionsRefused));
            Assert.Equal(1 + kills + stops, c.Connections);
            Assert.Equal(peer.Posted, c.Posted);
        }
        var all = peers.Select(p => p.Link.Counters).ToArray();
        var f = CultureInfo.InvariantCulture;
        output.WriteLine(string.Create(f, $"{clock.Elapsed.TotalSeconds:0.0} s, broker killed {kills} times and stopped {stops} times: posted {all.Sum(c => c.Posted)}, sent {all.Sum(c => c.Sent)}, acknowledged {all.Sum(c => c.Acknowledged)}, replaced {all.Sum(c => c.Replaced)}, dropped {all.Sum(c => c.Dropped)}, unknown {all.Sum(c => c.Unknown)}, received {all.Sum(c => c.Received)}"));
        output.WriteLine(string.Create(f, $"commands: {peers.Sum(p => p.Acknowledged)} acknowledged, of which {peers.Sum(p => p.QuietAcknowledged)} in quiet times, all of these received; received twice {peers.Sum(p => p.Twice)}"));
        output.WriteLine(string.Create(f, $"handles {warm.Files} -> {end.Files}, threads {warm.Threads} -> {end.Threads}, managed {warm.ManagedMiB:0.0} -> {end.ManagedMiB:0.0} MiB, resident {warm.ResidentMiB:0.0} -> {end.ResidentMiB:0.0} MiB"));
        Assert.InRange(end.Files, 0, warm.Files + 4);
        Assert.InRange(end.Threads, 0, warm.Threads + 8); // the pool adds some where the machine is busy
        Assert.InRange(end.ManagedMiB, 0, warm.ManagedMiB + 8); // what the test itself notes of each command: 24 bytes
        Assert.InRange(end.ResidentMiB, 0, warm.ResidentMiB + 64); // the collector keeps what it has once had
        foreach (var peer in peers) peer.Link.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.InRange(Files(), 0, filesAtFirst + 4);
    }

    private static bool Do(Action action)
    {
        action();
        return true;
    }

    private static void Pass(Peer[] peers, Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            foreach (var peer in peers) peer.Take();
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"not within 20 s: {what}; {string.Join("; ", peers.Select(p => $"{p.Link.Status} {p.Link.Counters}"))}");
            Thread.Sleep(2);
        }
    }

    private static int Files() => Directory.GetFiles("/proc/self/fd").Length;

    private static (int Files, int Threads, double ManagedMiB, double ResidentMiB) Size()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        double managed = GC.GetTotalMemory(forceFullCollection: true) / (double)(1 << 20);
        using var process = Process.GetCurrentProcess();
        return (Files(), process.Threads.Count, managed, process.WorkingSet64 / (double)(1 << 20));
    }

    /// <summary>One link that posts beacons, states and commands in turn, and reads those of its neighbour.</summary>
    private sealed class Peer
    {
        private readonly LinkTopic _beacon, _state, _command;
        private readonly byte[] _payload = new byte[200];
        private readonly LinkMessage _message = new();
        private readonly byte[] _stateTopic;
        private readonly byte[] _commandTopic;
        private readonly int _neighbour;
        private readonly Queue<(long Number, bool IsQuiet, double At, Task<PublishResult> Word)> _waiting = new();
        private readonly List<long> _quiet = [];
        private readonly HashSet<long> _heard = [];
        private readonly List<double> _faults = [];

        public Peer(Uri broker, int index)
        {
            Name = $"soak{index.ToString(CultureInfo.InvariantCulture)}";
            _neighbour = (index + Links - 1) % Links;
            (_beacon, _state, _command) = (LinkTopic.Parse($"t/{index}/beacon"), LinkTopic.Parse($"t/{index}/state"), LinkTopic.Parse($"t/{index}/command"));
            (_stateTopic, _commandTopic) = (Encoding.ASCII.GetBytes($"t/{_neighbour}/state"), Encoding.ASCII.GetBytes($"t/{_neighbour}/command"));
            Link = new MosquittoLink(LinkSite.Options(Name) with
            {
                Broker = broker,
                Seed = (ulong)index,
                Birth = () => (LinkTopic.Parse($"t/{index}/birth"), "here"u8.ToArray(), new PublishOptions(PublishClass.State)),
            });
            Link.Subscribe(LinkFilter.Parse($"t/{_neighbour}/beacon"), new SubscribeOptions(InboxQueue.Latest, 0));
            Link.Subscribe(LinkFilter.Parse($"t/{_neighbour}/state"), new SubscribeOptions(InboxQueue.Latest, 1));
            Link.Subscribe(LinkFilter.Parse($"t/{_neighbour}/command"), new SubscribeOptions(InboxQueue.Commands, 1));
            _ = Link.StartAsync();
        }

        public string Name { get; }

        public MosquittoLink Link { get; }

        public long Posted { get; private set; }

        public long LastState { get; private set; } = -1;

        public long LatestState { get; private set; } = -1;

        public long Acknowledged { get; private set; }

        public int QuietAcknowledged => _quiet.Count;

        public int Twice { get; private set; }

        public bool IsSettled => _waiting.Count == 0 && Link.Counters is var c && c.Posted == c.Sent + c.Acknowledged + c.Refused + c.Replaced + c.Dropped + c.Unknown;

        public void NoteFault(double at) => _faults.Add(at);

        public void Post(long tick, double now, bool isQuiet)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_payload, tick);
            Posted++;
            switch (tick % 3)
            {
                case 0:
                    Link.Post(_beacon, _payload, new PublishOptions(PublishClass.Beacon));
                    break;
                case 1:
                    LastState = tick;
                    // Kept by the broker, so that a neighbour who was away when it came gets it afterwards.
                    Link.Post(_state, _payload, new PublishOptions(PublishClass.State, Retain: true));
                    break;
                default:
                    _waiting.Enqueue((tick, isQuiet, now, Link.PublishAsync(_command, _payload.ToArray(), new PublishOptions(PublishClass.Command)).AsTask()));
                    break;
            }
        }

        public void Take()
        {
            while (_waiting.TryPeek(out var first) && first.Word.IsCompleted)
            {
                _waiting.Dequeue();
                if (first.Word.Result.Outcome != PublishOutcome.Acknowledged) continue;
                Acknowledged++;
                // Quiet also in what came next: a broker that dies right after its word loses what it had not handed on.
                if (first.IsQuiet && !_faults.Exists(f => f > first.At && f < first.At + 1)) _quiet.Add(first.Number);
            }
            while (Link.Inbox.TryTake(_message))
            {
                long number = BinaryPrimitives.ReadInt64LittleEndian(_message.Payload);
                if (_message.Topic.SequenceEqual(_stateTopic)) LatestState = Math.Max(LatestState, number);
                else if (_message.Topic.SequenceEqual(_commandTopic) && !_heard.Add(number)) Twice++;
            }
        }

        /// <summary>Returns how many commands of the neighbour were acknowledged in quiet times and did not come here.</summary>
        public int MissingOf(Peer[] peers) => peers[_neighbour]._quiet.Count(n => !_heard.Contains(n));
    }
}
