namespace EdgeAutonomy.Agents;

/// <summary>One robot's tasks: allocation, leases, what is under way and what is to be reported.</summary>
internal sealed class FleetDesk
{
    private const int MaxTasks = 4096;
    private readonly SortedList<string, Entry> _tasks = new(StringComparer.Ordinal);
    private readonly SortedList<string, LeaseHolder> _holders = new(StringComparer.Ordinal);
    private readonly List<string> _scratch = [];
    private readonly CbbaMessage _told = new();
    private readonly FleetOptions _options;
    private readonly IPromiseStore _store;
    private readonly FleetVoice _voice;
    private readonly RandomStream _random;
    private Stamp _toldAt = Stamp.Never, _buildAt = Stamp.Never;
    private bool _dirty = true;

    public FleetDesk(FleetOptions options, ITaskScorer scorer, IPromiseStore store, FleetVoice voice)
    {
        (_options, _store, _voice) = (options, store, voice);
        _random = RandomStream.For(options.Seed, options.Robot + "/desk");
        Cbba = new Cbba(options.Robot, voice.Presence.Incarnation, scorer, options.BundleLimit);
        foreach (string key in store.Keys(PromiseKeys.Done)) Kept(key[PromiseKeys.Done.Length..], ReportState.Done, key);
        foreach (string key in store.Keys(PromiseKeys.Commit))
        {
            string task = key[PromiseKeys.Commit.Length..];
            if (!_tasks.ContainsKey(task)) Kept(task, ReportState.Interrupted, key);
        }
    }

    public Cbba Cbba { get; }

    public string? UnderWay { get; private set; }

    public long Overflow { get; private set; }

    public FleetMutation Mutation { get; set; }

    /// <summary>Gets or sets what is told every claim that goes out: the robot's own voter.</summary>
    public Action<LeaseClaim> Claimed { get; set; } = static _ => { };

    public Stamp NextDue
    {
        get
        {
            var due = Cbba.IsChanged ? _toldAt + _options.GossipGap : _toldAt + _options.GossipPeriod;
            due = Earlier(due, _dirty ? Stamp.Never : _buildAt);
            // By index, here and below: enumerators of sorted collections are objects, and this runs many times a second.
            for (int i = 0; i < _holders.Count; i++) due = Earlier(due, _holders.GetValueAtIndex(i).NextDue);
            for (int i = 0; i < _tasks.Count; i++)
            {
                var entry = _tasks.GetValueAtIndex(i);
                if (entry.Report != null) due = Earlier(due, entry.ReportAt);
            }
            return due;
        }
    }

    public FleetTask? Find(string task) => _tasks.TryGetValue(task, out var entry) ? entry.Task : null;

    public IEnumerable<FleetTask> Open => _tasks.Values.Where(e => e.Task is { IsFinal: false }).Select(e => e.Task!);

    public IEnumerable<string> Interrupted => _tasks.Where(p => p.Value.Report == ReportState.Interrupted).Select(p => p.Key);

    public void OnTask(in FleetEnvelope envelope, FleetTask task, Stamp now)
    {
        if (!_tasks.TryGetValue(task.Id, out var entry))
        {
            if (_tasks.Count >= MaxTasks)
            {
                Overflow++;
                return;
            }
            _tasks.Add(task.Id, entry = new Entry());
        }
        if (!entry.TakesOver(envelope, task)) return;
        _dirty = true;
        if (task.IsFinal)
        {
            Close(task, entry, now);
            return;
        }
        Cbba.Put(task, now);
        if (entry.Report == ReportState.Done) Cbba.Lock(task.Id, now, done: true);
        if (task.State == TaskState.Held) LetGo(task.Id);
        // The board has decided what our stopping in the act means.
        if (entry.Report is ReportState.Interrupted or ReportState.NotDone && task.Revision > entry.ReportRevision)
        {
            entry.Report = null;
            _store.Remove(PromiseKeys.Commit + task.Id);
        }
    }

    public StartVerdict MayStart(string task, Stamp now, Stamp leaseNow)
    {
        if (Find(task) is not { State: TaskState.Open } known || _tasks[task].Report is ReportState.Done or ReportState.Interrupted) return StartVerdict.NotOpen;
        var since = Cbba.WonSince(task);
        if (since == Stamp.Never && !IsInTheAct(task)) return StartVerdict.NotMine;
        if (known.Class == TaskClass.Exclusive) return Token(task, leaseNow) != 0 ? StartVerdict.Yes : StartVerdict.NoLease;
        return UnderWay == task || now - since >= _options.Settle ? StartVerdict.Yes : StartVerdict.Settling;
    }

    public ulong Token(string task, Stamp leaseNow) => _holders.TryGetValue(task, out var holder) ? holder.Token(leaseNow) : 0;

    public Stamp Deadline(string task) => _holders.TryGetValue(task, out var holder) ? holder.Deadline : Stamp.Never;

    public bool Begin(string task, Stamp now, Stamp leaseNow)
    {
        if ((UnderWay != null && UnderWay != task) || MayStart(task, now, leaseNow) != StartVerdict.Yes) return false;
        if (UnderWay == task) return true;
        UnderWay = task;
        Cbba.Lock(task, now);
        Say(task, ReportState.Working, 0, now);
        return true;
    }

    public CommitVerdict Commit(string task, Stamp now, Stamp leaseNow)
    {
        if (UnderWay != task || MayStart(task, now, leaseNow) != StartVerdict.Yes || !_holders.TryGetValue(task, out var holder)) return CommitVerdict.Refused;
        if (holder.IsCommitted) return CommitVerdict.Granted;
        if (!holder.IsCommitting)
        {
            if (!_store.TryPut(PromiseKeys.Commit + task, new Promise(holder.Token(leaseNow), Revision(task)))) return CommitVerdict.Refused;
            holder.Commit();
        }
        return CommitVerdict.Pending;
    }

    public bool Finish(string task, Stamp now)
    {
        if (UnderWay != task || Find(task) is not { } known) return false;
        var holder = _holders.GetValueOrDefault(task);
        if (known.Class == TaskClass.Exclusive && holder is not { IsCommitted: true }) return false;
        return Done(task, known.Revision, now);
    }

    public bool Resolve(string task, bool done, Stamp now)
    {
        if (!_tasks.TryGetValue(task, out var entry) || entry.Report != ReportState.Interrupted) return false;
        if (done) return Done(task, entry.ReportRevision, now);
        (entry.Report, entry.ReportAt) = (ReportState.NotDone, now);
        return true;
    }

    public void GiveUp(string task, Stamp now)
    {
        if (!_tasks.TryGetValue(task, out var entry)) return;
        entry.GivenUpUntil = now + _options.GiveUpFor;
        Cbba.GiveUp(task, entry.GivenUpUntil, now);
        LetGo(task);
        _store.Remove(PromiseKeys.Commit + task);
        Say(task, ReportState.Failed, 0, now);
        _dirty = true;
    }

    public void Say(string task, ReportState state, int percent, Stamp now)
    {
        var stream = _voice.TaskStream("task", task);
        uint revision = _tasks.TryGetValue(task, out var entry) ? entry.Report != null ? entry.ReportRevision : entry.Task?.Revision ?? 0 : 0;
        new TaskReport(state, entry?.Token ?? 0, revision, percent).Write(_voice.Json(), _voice.Next(stream));
        _voice.SendJson(stream.Topic, new PublishOptions(PublishClass.Command, ExpirySeconds: 5));
        if (entry != null) entry.ReportAt = now + _options.ReportPeriod;
    }

    public Unassigned Reason(string task, Stamp now)
    {
        if (!_tasks.TryGetValue(task, out var entry) || entry.Task is not { } known) return Unassigned.Unknown;
        if (known.IsFinal || Cbba.Winner(task) != null) return Unassigned.No;
        if (known.State == TaskState.Held) return Unassigned.Held;
        if (entry.CommittedElsewhere) return Unassigned.CommittedElsewhere;
        if (now < entry.GivenUpUntil) return Unassigned.GivenUp;
        if (_dirty || Cbba.IsChanged) return Unassigned.Settling;
        return Cbba.IsFull ? Unassigned.BundlesFull : Unassigned.OutOfReach;
    }

    public void OnVote(string from, in LeaseVote vote, Stamp leaseNow)
    {
        if (_holders.TryGetValue(vote.Task, out var holder)) holder.OnVote(from, vote, leaseNow);
    }

    public void OnBids(string sender, ulong counter, CbbaMessage message, Predicate<string> isLost, Stamp now)
    {
        Cbba.Receive(sender, counter, message, isLost, now);
        _dirty = true;
    }

    public void OnLost(string robot, Stamp now)
    {
        Cbba.Drop(robot, now);
        _dirty = true;
    }

    public void OnReincarnated(uint incarnation, Stamp now)
    {
        foreach (var holder in _holders.Values) holder.Stop();
        _holders.Clear();
        UnderWay = null;
        Cbba.Restart(incarnation, now);
        foreach (var (task, entry) in _tasks)
        {
            if (entry.Report == ReportState.Done) Cbba.Lock(task, now, done: true);
        }
        _dirty = true;
    }

    public void TellSoon() => _toldAt = Stamp.Never;

    public void Step(Stamp now, Stamp leaseNow)
    {
        if (UnderWay is { } busy && Cbba.WonSince(busy) == Stamp.Never)
        {
            // The voters have it down as ours; nobody else can begin it, whatever the bids said while we were cut off.
            if (IsInTheAct(busy)) Cbba.Lock(busy, now);
            else UnderWay = null;
        }
        if (_dirty || now >= _buildAt)
        {
            Cbba.Build(now);
            (_dirty, _buildAt) = (false, now + _options.GossipPeriod);
        }
        KeepLeases(now, leaseNow);
        Repeat(now);
        if (now - _toldAt >= _options.GossipPeriod || (Cbba.IsChanged && now - _toldAt >= _options.GossipGap)) Tell(now);
    }

    public void ForgetFinished(LeaseVoter voter, Stamp now)
    {
        _scratch.Clear();
        foreach (var (task, entry) in _tasks)
        {
            if (entry.Task is { IsFinal: true } && now - entry.FinalAt > _options.TombstoneFor) _scratch.Add(task);
        }
        foreach (string task in _scratch)
        {
            _tasks.Remove(task);
            _store.Remove(PromiseKeys.Claim + task);
            voter.Forget(task);
        }
    }

    private bool IsInTheAct(string task) => _holders.TryGetValue(task, out var holder) && (holder.IsCommitted || holder.IsCommitting);

    private static Stamp Earlier(Stamp a, Stamp b) => a <= b ? a : b;

    private string Revision(string task) => (Find(task)?.Revision ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Kept(string task, ReportState state, string key)
    {
        _store.TryGet(key, out var promise);
        uint.TryParse(promise.Text, System.Globalization.CultureInfo.InvariantCulture, out uint revision);
        _tasks[task] = new Entry { Report = state, Token = promise.Number, ReportRevision = revision };
    }

    private bool Done(string task, uint revision, Stamp now)
    {
        var entry = _tasks[task];
        ulong token = _holders.TryGetValue(task, out var holder) && _store.TryGet(PromiseKeys.Commit + task, out var commit) ? commit.Number : entry.Token;
        // Kept before it is said, and said until the board has it: a robot that restarts must neither forget it nor do it again.
        if (!_store.TryPut(PromiseKeys.Done + task, new Promise(token, revision.ToString(System.Globalization.CultureInfo.InvariantCulture)))) return false;
        (entry.Report, entry.ReportRevision, entry.Token) = (ReportState.Done, revision, token);
        holder?.Stop();
        _holders.Remove(task);
        if (UnderWay == task) UnderWay = null;
        Cbba.Lock(task, now, done: true);
        Say(task, ReportState.Done, 100, now);
        _dirty = true;
        return true;
    }

    private void Close(FleetTask task, Entry entry, Stamp now)
    {
        entry.FinalAt = now;
        entry.Report = null;
        Cbba.Finish(task.Id, task.By, now);
        if (UnderWay == task.Id) UnderWay = null;
        if (_holders.TryGetValue(task.Id, out var holder)) holder.Stop();
        _holders.Remove(task.Id);
        if (_store.TryGet(PromiseKeys.Done + task.Id, out _)) _store.Remove(PromiseKeys.Done + task.Id);
        if (_store.TryGet(PromiseKeys.Commit + task.Id, out _)) _store.Remove(PromiseKeys.Commit + task.Id);
    }

    private void LetGo(string task)
    {
        if (UnderWay == task) UnderWay = null;
        if (!_holders.TryGetValue(task, out var holder)) return;
        _holders.Remove(task);
        if (holder.Release() is { } release) Claim(release);
    }

    private void KeepLeases(Stamp now, Stamp leaseNow)
    {
        if (Cbba.PathLength > 0 && Cbba.PathAt(0) is { Class: TaskClass.Exclusive } head && !_holders.ContainsKey(head.Id)
            && now - Cbba.WonSince(head.Id) >= _options.Settle && _tasks.TryGetValue(head.Id, out var wanted) && wanted.Report is null)
        {
            var holder = new LeaseHolder(head.Id, _options.Robot, _voice.Presence.Incarnation, _options.Roster, _store, _options.Lease) { Revision = head.Revision, Mutation = Mutation };
            holder.Want();
            _holders.Add(head.Id, holder);
        }
        _scratch.Clear();
        for (int i = 0; i < _holders.Count; i++)
        {
            var (task, holder) = (_holders.GetKeyAtIndex(i), _holders.GetValueAtIndex(i));
            holder.Revision = Find(task)?.Revision ?? 0;
            // In the act the lease is kept even when somebody bids more: the other one gets no lease.
            bool keep = IsInTheAct(task) || (Cbba.WonSince(task) != Stamp.Never && (UnderWay == task || (Cbba.PathLength > 0 && Cbba.PathAt(0).Id == task)));
            if (!keep || (holder.CommittedElsewhere && holder.Token(leaseNow) == 0)) _scratch.Add(task);
            else if (holder.Step(leaseNow, _random.NextDouble()) is { } claim) Claim(claim);
        }
        foreach (string task in _scratch) Drop(task, now);
    }

    private void Drop(string task, Stamp now)
    {
        bool elsewhere = _holders[task].CommittedElsewhere;
        LetGo(task);
        if (!elsewhere || !_tasks.TryGetValue(task, out var entry)) return;
        (entry.CommittedElsewhere, entry.GivenUpUntil) = (true, now + _options.GiveUpFor);
        Cbba.GiveUp(task, entry.GivenUpUntil, now);
    }

    private void Repeat(Stamp now)
    {
        _scratch.Clear();
        for (int i = 0; i < _tasks.Count; i++)
        {
            if (_tasks.GetValueAtIndex(i) is { Report: not null } entry && now >= entry.ReportAt) _scratch.Add(_tasks.GetKeyAtIndex(i));
        }
        foreach (string task in _scratch) Say(task, _tasks[task].Report!.Value, 0, now);
    }

    private void Claim(in LeaseClaim claim)
    {
        var stream = _voice.TaskStream("claim", claim.Task);
        claim.Write(_voice.Json(), _voice.Next(stream));
        _voice.SendJson(stream.Topic, new PublishOptions(PublishClass.Command, ExpirySeconds: 5));
        // The broker does not send it back, and the own vote counts like any other: of three robots two are a majority, whichever two they are.
        Claimed(claim);
    }

    private void Tell(Stamp now)
    {
        ulong number = Cbba.Tell(_told);
        _told.Write(_voice.Json(), new FleetEnvelope(_voice.Presence.Incarnation, (uint)number, 0, _voice.Presence.WallNs()));
        _voice.SendJson(_voice.Presence.Topics.Cbba, new PublishOptions(PublishClass.State, Retain: true, ExpirySeconds: 60));
        _toldAt = now;
    }

    private sealed class Entry
    {
        public FleetTask? Task;
        public ReportState? Report;
        public Stamp ReportAt = Stamp.Never, FinalAt, GivenUpUntil = Stamp.Never;
        public ulong Token;
        public uint ReportRevision;
        public bool CommittedElsewhere;
        private StreamMark _mark;

        // A tombstone is above everything; a later revision above an earlier one; else the later message. So the order of arrival does not matter.
        public bool TakesOver(in FleetEnvelope envelope, FleetTask task)
        {
            if (Task is { IsFinal: true }) return false;
            bool newer = _mark.Accept(envelope.Incarnation, envelope.Sequence, out _);
            if (Task != null && !task.IsFinal && (task.Revision < Task.Revision || (task.Revision == Task.Revision && !newer))) return false;
            if (Task != null && task.Revision > Task.Revision) CommittedElsewhere = false;
            bool same = Task == task;
            Task = task;
            return !same;
        }
    }
}
