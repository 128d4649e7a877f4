using System.Buffers;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Where tasks come from and where they end: the only writer of <c>task/+</c>. May run anywhere at the site, with promises of its own.</summary>
/// <remarks>
/// <para>It assigns nothing; robots do that among themselves, and go on while it is away. Every change is kept before it is told, and told again and again: neither its restart nor the
/// broker's loses a task. A robot repeats "done" until it sees the tombstone; a tombstone is final, whatever comes later.</para>
/// <para>Same rules as <see cref="FleetNode"/>: no I/O, no threads, no timers of its own; one thread.</para>
/// </remarks>
public sealed class TaskBoard : IDisposable
{
    private static readonly Duration VotesLinger = new(10_000_000_000);
    private readonly SortedDictionary<string, Entry> _tasks = new(StringComparer.Ordinal);
    private readonly LinkMessage _message = new();
    private readonly FleetNames _names = new();
    private readonly List<string> _scratch = [];
    private readonly IMqttLink _link;
    private readonly FleetPresence _presence;
    private readonly FleetVoice _voice;
    private readonly IPromiseStore _store;
    private readonly BoardOptions _options;
    private readonly bool _adopt;
    private int _connections;

    /// <summary>Makes a board, takes up the tasks that its store has, and subscribes.</summary>
    /// <param name="link">The link; the broker must let it write <c>task/+</c>.</param>
    /// <param name="presence">Who the board is on this start.</param>
    /// <param name="store">Its promises.</param>
    /// <param name="options">How it tells.</param>
    public TaskBoard(IMqttLink link, FleetPresence presence, IPromiseStore store, BoardOptions options)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(presence);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        (_link, _presence, _store, _options, _adopt) = (link, presence, store, options, store.IsFresh);
        _voice = new FleetVoice(link, presence);
        foreach (string key in store.Keys(PromiseKeys.Task))
        {
            string id = key[PromiseKeys.Task.Length..];
            if (store.TryGet(key, out var kept) && FleetTask.TryRead(System.Text.Encoding.UTF8.GetBytes(kept.Text), id, _names, out _, out var task)) _tasks.Add(id, new Entry(task!));
        }
        link.Subscribe(presence.Topics.Filter("r/+/task/+"), new SubscribeOptions(InboxQueue.Commands, 1));
        link.Subscribe(presence.Topics.Filter("r/+/vote/+"), new SubscribeOptions(InboxQueue.Commands, 1));
        if (_adopt) link.Subscribe(presence.Topics.Filter("task/+"), new SubscribeOptions(InboxQueue.Commands, 1));
    }

    /// <summary>Gets all tasks, finished ones too, by id.</summary>
    public IEnumerable<FleetTask> Tasks => _tasks.Values.Select(e => e.Task);

    /// <summary>Gets how many tasks are neither done nor cancelled.</summary>
    public int Unfinished => _tasks.Values.Count(e => !e.Task.IsFinal);

    /// <summary>Gets how often a second robot reported a task that was done already. Normal for idempotent tasks after a cut of the network, an alarm for exclusive ones.</summary>
    public long DoneTwice { get; private set; }

    /// <summary>Gets how many messages broke the format or a limit.</summary>
    public long Malformed { get; private set; }

    /// <summary>Gets when <see cref="Step"/> has something to do, messages aside.</summary>
    public Stamp NextDue
    {
        get
        {
            var due = new Stamp(long.MaxValue / 2);
            foreach (var entry in _tasks.Values)
            {
                if (entry.TellAt < due) due = entry.TellAt;
                if (entry.CommitBy != null && entry.CommitAt + _options.LossAfter < due) due = entry.CommitAt + _options.LossAfter;
            }
            return due;
        }
    }

    /// <summary>Finds a task; null = none.</summary>
    public FleetTask? Find(string id) => _tasks.TryGetValue(id, out var entry) ? entry.Task : null;

    /// <summary>Adds a task. Adding an id again changes nothing.</summary>
    /// <param name="task">The task; its state, revision and what is said about its end are set by the board.</param>
    /// <returns>False when it could not be kept, or the board is full.</returns>
    /// <exception cref="ArgumentException">It breaks a rule.</exception>
    public bool Add(FleetTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Fault() is { } fault) throw new ArgumentException(fault, nameof(task));
        if (_tasks.ContainsKey(task.Id)) return true;
        return _tasks.Count < _options.Capacity && Keep(task with { State = TaskState.Open, Revision = 0, By = null, Why = "" });
    }

    /// <summary>Takes a task back. Final.</summary>
    public bool Cancel(string id, string why) => Find(id) is { IsFinal: false } task && Keep(task with { State = TaskState.Cancelled, Why = UntrustedText.Clean(why, FleetJson.MaxText) });

    /// <summary>Opens a held task again: somebody has looked, and it was not done.</summary>
    public bool Reopen(string id) => Find(id) is { State: TaskState.Held } task && Keep(task with { State = TaskState.Open, Revision = task.Revision + 1, Why = "" });

    /// <summary>Notes that a held task was done after all.</summary>
    public bool Close(string id, string? by = null) => Find(id) is { IsFinal: false } task && Keep(task with { State = TaskState.Done, By = by, Why = "" });

    /// <summary>Takes what arrived and tells what is due.</summary>
    /// <param name="now">The monotonic time.</param>
    public void Step(Stamp now)
    {
        if (_link.Status.Connections != _connections)
        {
            _connections = _link.Status.Connections;
            foreach (var entry in _tasks.Values) entry.TellAt = now;
        }
        for (int i = 0; i < 4096 && _link.Inbox.TryTake(_message); i++) Receive(_message, now);
        _scratch.Clear();
        foreach (var (id, entry) in _tasks)
        {
            if (entry.CommitBy != null && !entry.Task.IsFinal && now - entry.CommitAt >= _options.LossAfter) Vanished(entry, $"robot {entry.CommitBy} was about to do it and has not been heard of since");
            if (now < entry.TellAt) continue;
            Tell(entry, now);
            if (entry.Task.IsFinal && now - entry.FinalAt > _options.TombstoneFor) _scratch.Add(id);
        }
        foreach (string id in _scratch)
        {
            _tasks.Remove(id);
            _store.Remove(PromiseKeys.Task + id);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _voice.Dispose();

    private void Receive(LinkMessage message, Stamp now)
    {
        bool known = _presence.Topics.TryRead(message.Topic, out var address);
        if (!known || _names.Take(address.Rest, FleetNames.MaxTask) is not { } id) Malformed++;
        else if (address.Robot.IsEmpty) Adopt(id, message.Payload);
        else if (_names.Take(address.Robot, FleetNames.MaxRobot) is not { } from) Malformed++;
        else if (address.Stream.SequenceEqual("vote"u8))
        {
            if (id != "coord" && LeaseVote.TryRead(message.Payload, id, _names, out _, out var vote)) OnVote(id, vote, now);
        }
        else if (TaskReport.TryRead(message.Payload, out _, out var report)) OnReport(from, id, report, now);
        else Malformed++;
    }

    // The disk was lost, the broker's copies may not be.
    private void Adopt(string id, ReadOnlySpan<byte> payload)
    {
        if (!FleetTask.TryRead(payload, id, _names, out _, out var task)) Malformed++;
        else if (Find(id) is not { } mine || (!mine.IsFinal && (task!.IsFinal || task.Revision > mine.Revision))) Keep(task!);
    }

    private void OnVote(string id, in LeaseVote vote, Stamp now)
    {
        if (!vote.Commit || !_tasks.TryGetValue(id, out var entry) || entry.Task.State != TaskState.Open) return;
        // Votes on the revision before may still be on their way.
        if (entry.ToldRevision != entry.Task.Revision || now - entry.RevisedAt < VotesLinger) return;
        if (vote.Granted) (entry.CommitBy, entry.CommitAt) = (vote.Holder, now);
        // Refused because somebody else committed, while this board was cut off: it may be gone with its disk, and the board is the only one who can open the task again.
        else if (entry.CommitBy is null) (entry.CommitBy, entry.CommitAt) = ("unknown", now);
    }

    private void OnReport(string from, string id, in TaskReport report, Stamp now)
    {
        if (!_tasks.TryGetValue(id, out var entry))
        {
            // Done by a robot that knew it, under a board that lost its disk: nobody shall do it again.
            if (report.State == ReportState.Done && _adopt && _tasks.Count < _options.Capacity) Keep(new FleetTask { Id = id, State = TaskState.Done, By = from });
            return;
        }
        var task = entry.Task;
        if (task.IsFinal)
        {
            if (report.State == ReportState.Done && task.By != from && entry.OtherBy != from)
            {
                entry.OtherBy = from;
                if (task.State == TaskState.Done) DoneTwice++;
            }
            if (report.State is not ReportState.Working) entry.TellAt = now;
            return;
        }
        switch (report.State)
        {
            case ReportState.Done: Keep(task with { State = TaskState.Done, By = from, Why = "" }); break;
            case ReportState.Interrupted when report.Revision == task.Revision && task.State == TaskState.Open: Vanished(entry, $"robot {from} stopped while doing it"); break;
            case ReportState.NotDone when report.Revision == task.Revision: Keep(task with { State = TaskState.Open, Revision = task.Revision + 1, Why = "" }); break;
            case ReportState.Interrupted or ReportState.NotDone: entry.TellAt = now; break;
        }
    }

    private void Vanished(Entry entry, string why)
    {
        bool retry = entry.Task.OnLoss == TaskLoss.Retry;
        entry.CommitBy = null;
        Keep(retry ? entry.Task with { Revision = entry.Task.Revision + 1 } : entry.Task with { State = TaskState.Held, Why = why });
    }

    private bool Keep(FleetTask task)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes)) task.Write(json, new FleetEnvelope(_presence.Incarnation, 1, 0, 0));
        if (!_store.TryPut(PromiseKeys.Task + task.Id, new Promise(task.Revision, System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan)))) return false;
        if (_tasks.TryGetValue(task.Id, out var entry)) entry.Task = task;
        else _tasks.Add(task.Id, entry = new Entry(task));
        entry.TellAt = Stamp.Never;
        if (task.IsFinal) entry.CommitBy = null;
        return true;
    }

    private void Tell(Entry entry, Stamp now)
    {
        if (entry.Task.IsFinal && entry.FinalAt == Stamp.Never) entry.FinalAt = now;
        if (entry.ToldRevision != entry.Task.Revision) (entry.ToldRevision, entry.RevisedAt) = (entry.Task.Revision, now);
        entry.Topic ??= _presence.Topics.Task(entry.Task.Id);
        entry.Task.Write(_voice.Json(), new FleetEnvelope(_presence.Incarnation, ++entry.Sequence, 0, _presence.WallNs()));
        int expiry = entry.Task.IsFinal ? (int)Math.Clamp(_options.TombstoneFor.Nanoseconds / 1_000_000_000, 1, int.MaxValue) : 0;
        _voice.SendJson(entry.Topic, new PublishOptions(PublishClass.Command, Retain: true, ExpirySeconds: expiry));
        entry.TellAt = now + (entry.Task.IsFinal ? _options.RepeatFinished : _options.RepeatOpen);
    }

    private sealed class Entry(FleetTask task)
    {
        public FleetTask Task = task;
        public LinkTopic? Topic;
        public ulong Sequence;
        public uint ToldRevision;
        public Stamp TellAt = Stamp.Never, FinalAt = Stamp.Never, RevisedAt = Stamp.Never, CommitAt;
        public string? CommitBy, OtherBy;
    }
}
