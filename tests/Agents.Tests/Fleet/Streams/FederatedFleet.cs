using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Five robots that average a model over the in-memory hub, with everything going wrong until 20 s; every model that appears anywhere is computed anew from its parents.</summary>
internal sealed class FederatedFleet
{
    internal const long Ms = 1_000_000, Second = 1_000 * Ms, FaultsEnd = 20 * Second, End = 200 * Second;
    internal const uint Rounds = 4;
    internal static readonly string[] Names = ["r1", "r2", "r3", "r4", "r5"];
    private readonly SortedDictionary<string, FederatedModel> _models = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(uint Round, uint Term), string> _byNumber = [];
    private readonly List<(long At, Action What)> _script = [];
    private string? _fault;

    public FederatedFleet(ulong seed, FederatedMutation mutation = FederatedMutation.None, int faults = 7)
    {
        (Seed, Mutation, Random, Hub) = (seed, mutation, RandomStream.For(seed, "federated"), new MemoryHub(seed));
        var rule = (seed % 4) switch
        {
            0 => new FederatedOptions { Rule = FederatedRule.Median, MaxNorm = double.PositiveInfinity },
            1 => new FederatedOptions { MaxNorm = 5 },
            _ => new FederatedOptions { MaxNorm = double.PositiveInfinity },
        };
        Options = new FederatedStreamOptions
        {
            Rule = rule,
            Deadline = Duration.FromSeconds(8),
            Settle = Duration.FromSeconds(2),
            CallPeriod = Duration.FromSeconds(1),
            Retry = Duration.FromSeconds(0.5),
            StallAfter = Duration.FromSeconds(5),
            ChunkBytes = TransferManifest.MinChunkBytes,
            BytesPerSecond = 32 << 10,
            Burst = 8 << 10,
            LastRound = Rounds,
        };
        var random = RandomStream.For(seed, "shipped");
        Shipped = FederatedModel.Shipped([.. Enumerable.Range(0, 1 + random.NextInt32(5000)).Select(_ => (float)random.NextGaussian())]);
        _models.Add(Shipped.Head.Sha256, Shipped);
        Robots = [.. Names.Select((n, i) => new FederatedRobot(this, n, i))];
        foreach (var robot in Robots) robot.Start();
        Plan = new FaultPlan(Faults(faults));
        Hub.Apply(Plan);
        At(FaultsEnd, () =>
        {
            foreach (var robot in Robots)
            {
                robot.Start();
                robot.Stream!.IsPaused = false;
            }
        });
    }

    public ulong Seed { get; }

    public FederatedMutation Mutation { get; }

    public FederatedStreamOptions Options { get; set; }

    public RandomStream Random { get; }

    public MemoryHub Hub { get; }

    public FaultPlan Plan { get; }

    public FederatedModel Shipped { get; }

    public Roster Roster { get; } = new(1, Names);

    public FederatedRobot[] Robots { get; }

    public int Models => _models.Count;

    public long LateTaken { get; private set; }

    public static string? Run(ulong seed, FederatedMutation mutation = FederatedMutation.None, int faults = 7)
    {
        var world = new FederatedFleet(seed, mutation, faults);
        return world.Drive() is { } fault ? $"{fault}{Environment.NewLine}{world.Plan}" : null;
    }

    /// <summary>What a robot learns: follows from its number, the round and the model, so that whoever computes it again gets the same bits.</summary>
    public static (float[] Change, int Samples) Learn(ulong seed, int robot, uint round, ReadOnlySpan<float> model)
    {
        var random = RandomStream.For(seed ^ RandomStream.Fnv1a(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(MemoryMarshal.AsBytes(model)))), $"{robot}/{round}");
        var change = new float[model.Length];
        for (int i = 0; i < change.Length; i++) change[i] = (float)random.NextGaussian();
        int samples = 1 << random.NextInt32(3);
        // Two that cancel, and others so small beside them that the order of adding shows.
        if (seed % 4 > 1) change[0] = robot == 0 ? (float)(1L << 60) / samples : robot == 2 ? -(float)(1L << 60) / samples : 1000 * change[0];
        return (change, samples);
    }

    public void At(long time, Action what)
    {
        _script.Add((time, what));
        _script.Sort((a, b) => a.At.CompareTo(b.At));
    }

    /// <summary>Notes a model that a robot has, and computes it anew.</summary>
    public void Collect(FederatedModel model)
    {
        var head = model.Head;
        if (!_byNumber.TryAdd((head.Round, head.Term), head.Sha256) && _byNumber[(head.Round, head.Term)] != head.Sha256) _fault ??= $"two models of round {head.Round} in term {head.Term}";
        if (!_models.TryAdd(head.Sha256, model)) return;
        if (head.Parents.Count == 0 || !_models.TryGetValue(head.Parents[0], out var parent))
        {
            _fault ??= $"model {head.Round}/{head.Term} has no parent that anybody had";
            return;
        }
        float[] expected = Direct(parent, head);
        if (!MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes(model.Values.Span))) _fault ??= $"model {head.Round}/{head.Term} is not what its {head.Counted.Count(c => c.Value == head.Round)} contributors make of its parent";
    }

    public string? Drive(Func<bool>? until = null)
    {
        int next = 0;
        until ??= () => Hub.Now.Nanoseconds > FaultsEnd && Array.TrueForAll(Robots, r => r.Stream is { } s && s.Model.Head.Round == Rounds && s.Model.Head.Sha256 == Robots[0].Stream!.Model.Head.Sha256);
        while (Hub.Now.Nanoseconds < End)
        {
            long at = Hub.NextEvent?.Nanoseconds ?? long.MaxValue;
            if (next < _script.Count) at = Math.Min(at, _script[next].At);
            foreach (var robot in Robots) at = Math.Min(at, robot.Due);
            at = Math.Max(at, Hub.Now.Nanoseconds);
            Hub.RunUntil(new Stamp(at));
            while (next < _script.Count && _script[next].At <= at) _script[next++].What();
            while (Hub.TakeArrived(out var link))
            {
                foreach (var robot in Robots)
                {
                    if (robot.Link == link) robot.Wake = true;
                }
            }
            foreach (var robot in Robots) robot.Step();
            if (_fault is not null) return $"{_fault} at {at / 1e9:F3} s";
            if (until()) return null;
        }
        return $"not done {(End - FaultsEnd) / Second} s after the last fault: {string.Join(Environment.NewLine, Robots.Select(r => r.ToString()))}";
    }

    // The mean, the median and the weight of late ones once more, from the definitions.
    private float[] Direct(FederatedModel parent, FederatedHead head)
    {
        var rule = Options.Rule;
        List<(float[] Change, int Samples)> inTime = [];
        List<(float[] Change, int Lag)> late = [];
        foreach (var (robot, round) in head.Counted)
        {
            if (round == parent.Head.LastOf(robot)) continue;
            int lag = (int)(head.Round - round);
            var from = _models[head.Parents[lag]];
            var (change, samples) = Learn(Seed, Array.IndexOf(Names, robot), round, from.Values.Span);
            double norm = Math.Sqrt(change.Sum(c => (double)c * c));
            if (lag > 0) late.Add((change, lag));
            else inTime.Add((norm > rule.MaxNorm ? [.. change.Select(c => (float)(c * (rule.MaxNorm / norm)))] : change, samples));
        }
        LateTaken += late.Count;
        var next = parent.Values.ToArray();
        for (int i = 0; i < next.Length; i++)
        {
            double change = 0;
            if (rule.Rule == FederatedRule.Mean)
            {
                foreach (var (c, n) in inTime) change += (double)n * c[i];
                change /= inTime.Sum(u => u.Samples);
            }
            else
            {
                float[] sorted = [.. inTime.Select(u => u.Change[i]).Order()];
                change = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : ((double)sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
            }
            next[i] = (float)(next[i] + change);
        }
        foreach (var (change, lag) in late)
        {
            double norm = Math.Sqrt(change.Sum(c => (double)c * c)), factor = 0.6 / Math.Sqrt(1.0 + lag) * (norm > rule.MaxNorm ? rule.MaxNorm / norm : 1);
            for (int i = 0; i < next.Length; i++) next[i] = (float)(next[i] + factor * change[i]);
        }
        return next;
    }

    private List<Fault> Faults(int most)
    {
        List<Fault> faults = [];
        for (int k = Random.NextInt32(most + 1); k > 0; k--)
        {
            long from = (long)(Random.NextDouble() * (FaultsEnd - 2 * Second)), until = Math.Min(FaultsEnd, from + (long)((0.2 + Random.NextDouble() * 8) * Second));
            var (begin, end) = (new Stamp(from), new Stamp(until));
            int which = Random.NextInt32(Names.Length);
            string name = Names[which], other = Names[Random.NextInt32(Names.Length)];
            switch (Random.NextInt32(18))
            {
                case 0: faults.Add(Fault.Drop(Random.NextDouble(0.02, 0.4), FaultScope.All, begin, end)); break;
                case 1: faults.Add(Fault.Duplicate(Random.NextDouble(0.05, 0.4), 1, DelayModel.Uniform(Duration.Zero, Duration.FromSeconds(3)), FaultScope.All, begin, end)); break;
                case 2: faults.Add(Fault.Delayed(DelayModel.HeavyTail(Duration.FromMilliseconds(5), 1, Duration.FromSeconds(4)), FaultScope.All, begin, end)); break;
                case 3: faults.Add(Fault.Reorder(Duration.FromSeconds(Random.NextDouble(0.05, 2)), FaultScope.All, begin, end, breakOrder: true)); break;
                case 4 or 5:
                    var sides = Names.ToLookup(_ => Random.NextInt32(2));
                    faults.Add(Fault.Partition([sides[0].ToList(), sides[1].ToList()], begin, end));
                    break;
                case 6: faults.Add(Fault.OneWay(name, other, begin, end)); break;
                case 7: faults.Add(Fault.Disconnect(name, Random.NextInt32(2) == 0 ? DisconnectMode.Abrupt : DisconnectMode.Frozen, begin, end)); break;
                case 8: faults.Add(Fault.HubCrash(new Stamp((long)(from * Random.NextDouble())), begin, new Stamp(Math.Min(until, from + 2 * Second)))); break;
                case 9: faults.Add(Fault.HubRestart(Random.NextInt32(2) == 0, begin, new Stamp(Math.Min(until, from + 2 * Second)))); break;
                case 10: At(from, () => Robots[which].Freeze(until)); break;
                case 11 or 12:
                    // Whoever coordinates then.
                    At(from, () =>
                    {
                        var leader = Array.Find(Robots, r => r.Node?.IsCoordinating(r.Now) == true) ?? Robots[which];
                        leader.Crash();
                        At(until, leader.Start);
                    });
                    break;
                case 13 or 14:
                    bool lose = Random.NextInt32(4) == 0;
                    At(from, () => Robots[which].Crash(lose));
                    At(until, () => Robots[which].Start());
                    break;
                case 15:
                    At(from, () => Pause(which, true));
                    At(until, () => Pause(which, false));
                    break;
                case 16 or 17:
                    // Programs that end and begin again at once: what they offered is offered once more.
                    foreach (var robot in Robots)
                    {
                        At(from + robot.Index * 300 * Ms, () =>
                        {
                            robot.Crash();
                            robot.Start();
                        });
                    }
                    break;
            }
        }
        return faults;
    }

    private void Pause(int which, bool paused)
    {
        if (Robots[which].Stream is { } stream) stream.IsPaused = paused;
    }
}
