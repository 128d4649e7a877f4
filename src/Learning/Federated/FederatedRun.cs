using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>A fleet of robots that averages a model over the in-memory link in virtual time, with a share of the messages lost.</summary>
internal sealed class FederatedRun : IDisposable
{
    private const double Loss = 0.02;
    private const int Voters = 5;
    private static readonly Duration Longest = Duration.FromSeconds(3600);
    private readonly MemoryHub _hub;
    private readonly FleetNode[] _nodes;
    private readonly FederatedStream[] _streams;
    private readonly MemoryLink[] _links;
    private readonly MemoryClock _clock;
    private readonly long[] _due;
    private readonly uint _rounds;

    /// <summary>Makes a fleet.</summary>
    /// <param name="shipped">The model to begin with.</param>
    /// <param name="learners">A learner per robot; at least five.</param>
    /// <param name="rule">How updates become one.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="seed">Decides all chance.</param>
    public FederatedRun(FederatedModel shipped, IReadOnlyList<IFederatedLearner> learners, FederatedOptions rule, int rounds, ulong seed)
    {
        (_hub, _rounds) = (new MemoryHub(seed), (uint)rounds);
        _hub.Apply(new FaultPlan([Fault.Drop(Loss, FaultScope.All, Stamp.Zero, Stamp.Zero + Longest)]));
        _clock = _hub.CreateClock();
        int n = learners.Count;
        (_nodes, _streams, _links, _due) = (new FleetNode[n], new FederatedStream[n], new MemoryLink[n], new long[n]);
        string[] names = [.. Enumerable.Range(0, n).Select(i => FormattableString.Invariant($"r{i:00}"))];
        var roster = new Roster(1, names[..Voters]);
        var options = new FederatedStreamOptions { Rule = rule, LastRound = _rounds, Settle = Duration.FromSeconds(2), CallPeriod = Duration.FromSeconds(1), MaxLag = 0 };
        for (int i = 0; i < n; i++)
        {
            var store = new MemoryPromiseStore();
            roster.Admit(store);
            var presence = new FleetPresence(new FleetTopics("lab", names[i]), store, _clock);
            _links[i] = _hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = names[i], Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell, Seed = seed + (ulong)i }, _clock);
            _nodes[i] = new FleetNode(_links[i], presence, store, new FleetOptions { Site = "lab", Robot = names[i], Roster = roster, Seed = seed }, new DiscountedScorer((_, _) => 1), _clock.Now);
            _streams[i] = new FederatedStream(_nodes[i], shipped, learners[i], new MemoryFederatedStore(), options);
            _ = _links[i].StartAsync();
        }
    }

    /// <summary>Gets the bytes of models, updates and manifests that all robots sent.</summary>
    public long Bytes => _streams.Sum(s => s.Counters.BytesSent);

    /// <summary>Gets the time that it took on the link, without training.</summary>
    public double Seconds => _hub.Now.Nanoseconds / 1e9;

    /// <summary>Runs all rounds and returns the last model.</summary>
    /// <exception cref="InvalidOperationException">It did not come to an end in an hour of virtual time.</exception>
    public float[] Run(CancellationToken stop)
    {
        while (!Array.TrueForAll(_streams, s => s.Model.Head.Round == _rounds))
        {
            stop.ThrowIfCancellationRequested();
            long now = _hub.Now.Nanoseconds, at = Math.Max(now, Math.Min(_hub.NextEvent?.Nanoseconds ?? long.MaxValue, _due.Min()));
            if (at > Longest.Nanoseconds) throw new InvalidOperationException($"Federated rounds: round {_streams.Min(s => s.Model.Head.Round)} of {_rounds} after {Longest}; the fleet does not get on.");
            _hub.RunUntil(new Stamp(at));
            while (_hub.TakeArrived(out var link)) _due[Array.IndexOf(_links, link)] = at;
            for (int i = 0; i < _nodes.Length; i++)
            {
                if (_due[i] > at) continue;
                _nodes[i].Step(_clock.Now);
                _due[i] = Math.Max(_clock.HubTime(_nodes[i].NextDue).Nanoseconds, at + 1);
            }
        }
        return _streams[0].Model.Values.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
        _hub.Dispose();
    }
}
