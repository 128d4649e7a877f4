using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Host;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Integration;

/// <summary>Robots and a board over a real broker, all stepped by the test's thread.</summary>
/// <param name="broker">The broker's address.</param>
/// <param name="names">Who votes.</param>
internal sealed class FleetBench(Uri broker, params string[] names) : IDisposable
{
    public const string Site = "s";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Rig> _rigs = [];
    private TaskBoard? _board;
    private MosquittoLink? _boardLink;

    public static Stamp Now => new((long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)));

    public Roster Roster { get; } = new(1, names);

    public SharedEffects Effects { get; } = new();

    public IReadOnlyList<Rig> Rigs => _rigs;

    public TaskBoard Board => _board!;

    /// <summary>A port of the loopback on which nobody listens.</summary>
    public static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Adds a robot and starts its link.</summary>
    public Rig Join(string name, TimeSpan wallError = default, Func<LinkOptions, LinkOptions>? change = null)
    {
        var rig = new Rig(this, broker, name, new WrongWall(wallError), change ?? (o => o), (ulong)_rigs.Count);
        _rigs.Add(rig);
        return rig;
    }

    /// <summary>Starts the board with tasks.</summary>
    public void Start(params FleetTask[] tasks)
    {
        var store = new MemoryPromiseStore();
        var presence = new FleetPresence(new FleetTopics(Site, "board"), store, TimeProvider.System);
        _boardLink = new MosquittoLink(Links.Options(broker, Site, presence, 99));
        _board = new TaskBoard(_boardLink, presence, store, new BoardOptions());
        foreach (var task in tasks) _board.Add(task);
        _ = _boardLink.StartAsync();
    }

    /// <summary>Makes tasks: every other one exclusive.</summary>
    public static FleetTask[] Tasks(int count) => [.. Enumerable.Range(0, count).Select(i => new FleetTask { Id = $"t{i}", Class = i % 2 == 0 ? TaskClass.Exclusive : TaskClass.Idempotent, X = i, Y = i % 3, Seconds = 0, Reward = 10 })];

    /// <summary>Steps all until a condition holds.</summary>
    public void Await(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"not within {Patience.TotalSeconds} s: {what}; {string.Join("; ", _rigs.Select(r => $"{r.Name} {r.Link.Status} {r.Node.Counters}"))}");
            Step();
        }
    }

    /// <summary>Steps all for a while.</summary>
    public void Pass(double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds) Step();
    }

    public void Dispose()
    {
        Task.WhenAll(_rigs.Select(r => r.Link.StopAsync(graceful: false)).Append(_boardLink?.StopAsync(graceful: false) ?? Task.CompletedTask)).Wait(TimeSpan.FromSeconds(10));
        foreach (var rig in _rigs) rig.Node.Dispose();
        _board?.Dispose();
    }

    private void Step()
    {
        foreach (var rig in _rigs) rig.Step();
        _board?.Step(Now);
        Thread.Sleep(2);
    }

    /// <summary>A robot that is at every place at once and takes no time to work.</summary>
    internal sealed class Rig
    {
        private readonly FleetBench _bench;

        public Rig(FleetBench bench, Uri broker, string name, TimeProvider wall, Func<LinkOptions, LinkOptions> change, ulong seed)
        {
            (_bench, Name) = (bench, name);
            var store = new MemoryPromiseStore();
            bench.Roster.Admit(store);
            var presence = new FleetPresence(new FleetTopics(Site, name), store, wall);
            Link = new MosquittoLink(change(Links.Options(broker, Site, presence, seed)));
            var options = new FleetOptions { Site = Site, Robot = name, Roster = bench.Roster, Seed = seed, Lease = FleetJobs.Lease, BundleLimit = 2 };
            Node = new FleetNode(Link, presence, store, options, new DiscountedScorer((from, to) => Math.Abs((from?.X ?? 0) - to.X)), Now);
            _ = Link.StartAsync();
        }

        public string Name { get; }

        public MosquittoLink Link { get; }

        public FleetNode Node { get; }

        public bool Works { get; set; } = true;

        /// <summary>Gets what its link said while the test ran.</summary>
        public List<string> Reasons { get; } = [];

        public void Step()
        {
            Node.Step(Now);
            if (Link.Status.Reason is { Length: > 0 } reason && !Reasons.Contains(reason)) Reasons.Add(reason);
            if (!Works) return;
            if (Node.UnderWay is not { } task)
            {
                for (int i = 0; i < Node.AssignmentLength && Node.UnderWay is null; i++) Node.Begin(Node.Assignment(i).Id, Now);
                if (Node.UnderWay is not { } begun) return;
                task = begun;
            }
            if (Node.FindTask(task) is not { } known) return;
            ulong token = 0;
            if (known.Class == TaskClass.Exclusive)
            {
                var verdict = Node.Commit(task, Now);
                if (verdict == CommitVerdict.Pending) return;
                token = verdict == CommitVerdict.Granted ? Node.Token(task, Now) : 0;
                if (token == 0)
                {
                    Node.GiveUp(task, Now);
                    return;
                }
            }
            if (_bench.Effects.TryDo(task, token)) Node.Finish(task, Now);
            else Node.GiveUp(task, Now);
        }
    }

    private sealed class WrongWall(TimeSpan error) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + error;
    }
}
