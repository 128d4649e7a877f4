using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

/// <summary>Federated averaging over the fleet's link: robots train a model on their own data, the coordinator makes one model of what they learned. Data stay where they are.</summary>
/// <remarks>
/// <para>Everything is fetched, nothing is pushed: a content has a name (the sha256 of its manifest), whoever wants it says what it misses, and the sender sends that in paced chunks. So a transfer goes on where it was after any loss, restart
/// or change of coordinator. The coordinator calls on <c>r/COORDINATOR/fl/call</c> what model there is and which round is open; robots fetch the model, train, and answer on <c>r/ROBOT/fl/report.COORDINATOR</c> what they have;
/// <c>fl/need.SENDER</c> asks; <c>fl/list</c> and <c>fl/chunk</c> carry models to all, <c>fl/list.COORDINATOR</c> and <c>fl/chunk.COORDINATOR</c> updates to one. All below the sender's own <c>r/ROBOT/</c>, which the broker's rules grant.</para>
/// <para>A new coordinator listens for later models first, takes them over, and opens the round anew. Updates count once: by (round, robot, incarnation) within a round, and by <see cref="FederatedHead.Counted"/> along the line of models. A model is
/// kept before anybody hears of it.</para>
/// <para>Deterministic, one thread; the node drives it. Holds a model, an update, and as coordinator at most <see cref="FederatedStreamOptions.MaxBytes"/> of updates.</para>
/// </remarks>
public sealed partial class FederatedStream : IFleetStream
{
    private const string ModelPlace = "model", UpdatePlace = "update";
    private static readonly Duration Busy = Duration.FromMilliseconds(20), Training = Duration.FromMilliseconds(100), Idle = Duration.FromMilliseconds(500);
    private static readonly PublishOptions Word = new(PublishClass.Command, ExpirySeconds: 5);

    private readonly FleetNode _node;
    private readonly FederatedStreamOptions _options;
    private readonly IFederatedStore _store;
    private readonly IFederatedLearner? _learner;
    private readonly FederatedOutlet _outlet;
    private readonly SortedDictionary<string, Marks> _marks = new(StringComparer.Ordinal);
    private string _modelId;
    private FederatedUpdate? _update;
    private string _updateId = "";
    private FederatedCall _call;
    private Stamp _calledAt = Stamp.Never, _beatAt = Stamp.Never;
    private FederatedPull? _modelPull;
    private FederatedHead? _pulledHead;
    private (uint Round, string Base) _training, _trained = (0, "");
    private bool _busy, _barren;
    private long _ignored, _rejected, _made, _adopted, _storeFailures;

    /// <summary>Makes a stream and adds it to the node, as <c>fl</c>.</summary>
    /// <param name="node">The node.</param>
    /// <param name="shipped">The model that robots are shipped with; the same length at every robot. A later one in the store takes its place.</param>
    /// <param name="learner">What trains it; null = this robot has no data and only averages and uses models.</param>
    /// <param name="store">Where models survive restarts.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the node has such a stream.</exception>
    public FederatedStream(FleetNode node, FederatedModel shipped, IFederatedLearner? learner, IFederatedStore store, FederatedStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(shipped);
        ArgumentNullException.ThrowIfNull(store);
        (_node, _learner, _store, _options) = (node, learner, store, options ?? new FederatedStreamOptions());
        _options.Check(shipped.Parameters.Length);
        _outlet = new FederatedOutlet(node, _options);
        Model = shipped;
        if (store.Get(ModelPlace) is { } kept && FederatedModel.TryRead(kept) is { } later && later.Parameters.Length == shipped.Parameters.Length && later.Head.IsAfter(shipped.Head)) Model = later;
        _modelId = Serve();
        if (store.Get(UpdatePlace) is { } made && FederatedUpdate.TryRead(made, Model.Parameters.Length) is { } update) Offer(update);
        var whole = new SubscribeOptions(InboxQueue.Commands, 1);
        var bulk = new SubscribeOptions(InboxQueue.Bulk, 1);
        node.Add("fl", "fl/call", this, whole);
        foreach (string kind in (ReadOnlySpan<string>)["report", "need"]) node.Listen($"fl/{kind}.{node.Robot}", whole);
        foreach (string kind in (ReadOnlySpan<string>)["list", "chunk"])
        {
            node.Listen("fl/" + kind, bulk);
            node.Listen($"fl/{kind}.{node.Robot}", bulk);
        }
    }

    /// <summary>Gets the model.</summary>
    public FederatedModel Model { get; private set; }

    /// <summary>Gets or sets whether the robot drives: it sends no chunks then, and everything waits.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Gets or sets what is told of every later model.</summary>
    public Action<FederatedModel> Changed { get; set; } = static _ => { };

    /// <summary>Gets what happened so far.</summary>
    public FederatedCounters Counters => new(_closed, _accepted, _lateTaken, _rejected, _ignored, _overflow, _made, _adopted, _outlet.Chunks, _outlet.Bytes, _storeFailures);

    /// <inheritdoc/>
    public Stamp NextDue => _beatAt;

    internal FederatedMutation Mutation { get; set; }

    private int Size => sizeof(float) * Model.Parameters.Length;

    private bool HearsCall => _call.Head is not null && _call.Envelope.Epoch == _node.Term;

    /// <inheritdoc/>
    public bool Receive(in FleetMessage message)
    {
        var rest = message.Rest;
        if (rest.StartsWith("chunk"u8)) return OnChunk(message);
        if (rest.StartsWith("list"u8))
        {
            bool wanted = (_modelPull is { } model && model.From == message.From && model.OnList(message.Payload, message.Now))
                || (_fetches.TryGetValue(message.From, out var fetch) && fetch.Pull.OnList(message.Payload, message.Now));
            if (!wanted) _ignored++;
            return true;
        }
        if (rest.StartsWith("call"u8)) return FederatedWire.TryRead(message.Payload, out FederatedCall call) && OnCall(message, call);
        if (rest.StartsWith("report"u8)) return FederatedWire.TryRead(message.Payload, out FederatedReport report) && OnReport(message, report);
        return FederatedWire.TryRead(message.Payload, out FederatedNeed need) && OnNeed(message, need);
    }

    /// <inheritdoc/>
    public void Step(Stamp now)
    {
        Lead(now);
        TakeModel(now);
        Train(now);
        Ask(_modelPull, now);
        foreach (var fetch in _fetches.Values) Ask(fetch.Pull, now);
        _outlet.Step(_leads != 0 ? "" : _node.Coordinator ?? _node.Robot, IsPaused, now);
        if (now < _beatAt) return;
        bool active = _modelPull is not null || _fetches.Count > 0 || (_outlet.IsActive && !IsPaused);
        _beatAt = now + (active ? Busy : _busy ? Training : Idle);
    }

    private bool OnChunk(in FleetMessage message)
    {
        if (!ChunkWire.TryRead(message.Payload, out _, out uint round, out int chunk, out var content)) return false;
        // Somebody else's, or what comes again after the end: no fault.
        bool wanted = (_modelPull is { } model && model.From == message.From && model.OnChunk(round, chunk, content, message.Now) == ChunkOutcome.Taken)
            || (_fetches.TryGetValue(message.From, out var fetch) && fetch.Pull.OnChunk(round, chunk, content, message.Now) == ChunkOutcome.Taken);
        if (!wanted) _ignored++;
        return true;
    }

    private bool OnCall(in FleetMessage message, in FederatedCall call)
    {
        if (!IsNews(message, call.Envelope, 0)) return true;
        if (message.From != _node.Coordinator || call.Envelope.Epoch != _node.Term || call.Size != Size || message.Retained)
        {
            _ignored++;
            return true;
        }
        (_call, _calledAt) = (call, message.Now);
        if (call.Head.Sha256 == Model.Head.Sha256)
        {
            if (call.Head.IsAfter(Model.Head)) Adopt(new FederatedModel(call.Head, Model.Parameters));
            EndModelPull();
        }
        else if (!Model.Head.IsAfter(call.Head)) PullModel(message.From, call.Id, call.Head, message.Now);
        else EndModelPull();
        Report();
        return true;
    }

    private bool OnNeed(in FleetMessage message, in FederatedNeed need)
    {
        if (!IsNews(message, need.Envelope, 2)) return true;
        // A robot gives to its coordinator only, a coordinator to all.
        if (_leads != 0 || message.From == _node.Coordinator) return _outlet.OnNeed(message.From, need, message.Now);
        _ignored++;
        return true;
    }

    private bool IsNews(in FleetMessage message, in FleetEnvelope envelope, int kind)
    {
        if (_node.Members.Hear(message.From, envelope.Incarnation, message.Now, fresh: !message.Retained) is not null)
        {
            if (!_marks.TryGetValue(message.From, out var marks)) _marks.Add(message.From, marks = new Marks());
            if (marks.Of[kind].Accept(envelope.Incarnation, envelope.Sequence, out _)) return true;
        }
        _ignored++;
        return false;
    }

    private void Report()
    {
        if (!HearsCall || _leads != 0 || _node.Coordinator is not { } coordinator) return;
        bool later = Model.Head.IsAfter(_call.Head);
        string below = "fl/report." + coordinator;
        var envelope = _node.Envelope(below) with { Epoch = _node.Term };
        _node.Post(below, FederatedWire.Write(new FederatedReport(envelope, Trains, later ? Model.Head : null, later ? _modelId : null, OwnOffer)), Word);
    }

    private bool Trains => _learner is not null && !_barren;

    private FederatedOffer? OwnOffer => _update is { } u ? new FederatedOffer(u.Round, u.BaseSha256, u.Samples, _updateId) : null;

    private void Ask(FederatedPull? pull, Stamp now)
    {
        if (pull is null || !pull.TryAsk(now, _options.Retry, out byte[]? missing)) return;
        string below = "fl/need." + pull.From;
        _node.Post(below, FederatedWire.Write(new FederatedNeed(_node.Envelope(below), pull.Id, missing)), Word);
    }

    private void PullModel(string from, string id, FederatedHead head, Stamp now)
    {
        if (_modelPull is { } pull && pull.Id == id)
        {
            // The same content from another robot: what is here stays.
            pull.From = from;
            return;
        }
        (_modelPull, _pulledHead) = (new FederatedPull(from, id, head.Round, head.Sha256, Size, now), head);
        _beatAt = Stamp.Never;
    }

    private void EndModelPull() => (_modelPull, _pulledHead) = (null, null);

    private void TakeModel(Stamp now)
    {
        if (_modelPull is not { } pull) return;
        if (!pull.IsComplete)
        {
            // A coordinator waits for a later model, not for ever.
            if (_leads != 0 && now - pull.ProgressAt > _options.StallAfter) EndModelPull();
            return;
        }
        // The sender hears that it may stop.
        Ask(pull, now);
        float[] parameters = MemoryMarshal.Cast<byte, float>(pull.Content).ToArray();
        var head = _pulledHead!;
        EndModelPull();
        // Meanwhile this coordinator may have made one that is later still.
        if (_leads != 0 ? !head.IsAfter(Model.Head) : Model.Head.IsAfter(head)) return;
        if (!FederatedModel.IsFinite(parameters) || FederatedModel.HashOf(parameters) != head.Sha256)
        {
            _rejected++;
            return;
        }
        if (!Adopt(new FederatedModel(head, parameters))) return;
        _adopted++;
        if (_leads != 0) BeginAnew(now);
        Report();
    }

    // Kept before it counts.
    private bool Adopt(FederatedModel model)
    {
        if (!_store.TryPut(ModelPlace, model.ToBytes()))
        {
            _storeFailures++;
            return false;
        }
        Model = model;
        _modelId = Serve();
        if (_update is { } update && model.Head.LastOf(_node.Robot) >= update.Round) DropUpdate();
        Changed(model);
        return true;
    }

    private string Serve() => _outlet.Put(ModelPlace, Model.Head.Round, Model.Head.Sha256, Model.Parameters);

    private void Offer(FederatedUpdate update)
    {
        if (Model.Head.LastOf(_node.Robot) >= update.Round) return;
        (_update, _trained) = (update, (update.Round, update.BaseSha256));
        _updateId = _outlet.Put(UpdatePlace, update.Round, update.BaseSha256, update.Change);
    }

    private void DropUpdate()
    {
        _update = null;
        _outlet.Remove(UpdatePlace);
        _store.Remove(UpdatePlace);
    }

    private void Train(Stamp now)
    {
        if (_learner is null) return;
        if (_busy && _learner.TryTake(out float[] change, out int samples))
        {
            (_busy, _trained, _barren) = (false, _training, samples < 1);
            if (samples > 0 && change.Length == Model.Parameters.Length && FederatedModel.IsFinite(change))
            {
                var update = new FederatedUpdate(_training.Round, _training.Base, samples, change);
                // Not kept it is made again after a restart; nobody is told anything wrong.
                if (!_store.TryPut(UpdatePlace, update.ToBytes())) _storeFailures++;
                Offer(update);
                _made++;
            }
            else if (samples > 0) _rejected++;
            Report();
        }
        // One that is under way is brought to its end: a slow robot would else never finish any.
        if (_busy || Open(now) is not { } round || round != Model.Head.Round + 1 || _trained == (round, Model.Head.Sha256)) return;
        (_training, _busy, _barren) = ((round, Model.Head.Sha256), true, false);
        _learner.Begin(round, Model.Parameters);
    }

    // The round that is open for the model that this robot has; null = none.
    private uint? Open(Stamp now)
    {
        if (_leads != 0) return _round?.Round;
        bool hears = HearsCall && now - _calledAt < _options.CallPeriod * 4 && _call.Head.Sha256 == Model.Head.Sha256;
        return hears && _call.Open != 0 ? _call.Open : null;
    }

    private sealed class Marks
    {
        public readonly StreamMark[] Of = new StreamMark[3];
    }
}
