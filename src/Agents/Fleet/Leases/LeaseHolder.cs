namespace EdgeAutonomy.Agents;

/// <summary>The holder's side of one fenced lease (docs/fleet.md, leases): asks, counts votes, renews, and knows until when it may act.</summary>
/// <remarks>
/// <para>Its time begins <b>before</b> the claim is sent, and every voter's begins when the claim arrives: so the holder stops before any voter gives the task away, whatever the
/// network does in between, as long as clocks run within <see cref="LeaseOptions.DriftPpm"/>.</para>
/// <para>One thread; told everything, asks nobody.</para>
/// </remarks>
public sealed class LeaseHolder
{
    private readonly string _task, _self;
    private readonly uint _incarnation;
    private readonly Roster _roster;
    private readonly IPromiseStore _store;
    private readonly LeaseOptions _options;
    private readonly SortedSet<string> _granted = new(StringComparer.Ordinal);
    private ulong _epoch, _asking, _floor;
    private Stamp _deadline = Stamp.Never, _askedAt, _sentAt, _notBefore = Stamp.Never;
    private bool _askingCommit, _wanted;

    /// <summary>Makes a holder that holds nothing yet.</summary>
    /// <param name="task">The task, or any other resource.</param>
    /// <param name="self">The robot.</param>
    /// <param name="incarnation">Its incarnation.</param>
    /// <param name="roster">The voters.</param>
    /// <param name="store">Its promises.</param>
    /// <param name="options">How leases run.</param>
    public LeaseHolder(string task, string self, uint incarnation, Roster roster, IPromiseStore store, LeaseOptions options)
    {
        ArgumentNullException.ThrowIfNull(roster);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        (_task, _self, _incarnation, _roster, _store, _options) = (task, self, incarnation, roster, store, options);
        _floor = store.TryGet(PromiseKeys.Claim + task, out var promise) ? promise.Number : 0;
        _floor = Math.Max(_floor, roster.EpochFloor);
    }

    /// <summary>Gets the task.</summary>
    public string Task => _task;

    /// <summary>Gets or sets the revision of the task that is claimed.</summary>
    public uint Revision { get; set; }

    /// <summary>Gets whether the lease is asked for and kept.</summary>
    public bool IsWanted => _wanted;

    /// <summary>Gets whether a majority has the task down as committed to this robot.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>Gets whether a commit is asked for and not answered.</summary>
    public bool IsCommitting { get; private set; }

    /// <summary>Gets whether a voter said that the task is committed to another robot.</summary>
    public bool CommittedElsewhere { get; private set; }

    /// <summary>Gets until when the robot may act, on its own clock; <see cref="Stamp.Never"/> = not at all.</summary>
    public Stamp Deadline => _deadline;

    /// <summary>Gets when <see cref="Step"/> has something to do.</summary>
    public Stamp NextDue => !_wanted ? Never : _asking != 0 ? _sentAt + _options.Retry : _notBefore > _renewAt ? _notBefore : _renewAt;

    internal FleetMutation Mutation { get; set; }

    private static Stamp Never => new(long.MaxValue / 2);

    private Stamp _renewAt = Stamp.Never;

    /// <summary>Returns the token while the lease holds.</summary>
    /// <param name="now">The robot's monotonic time, read just before the act.</param>
    /// <returns>0 = no lease.</returns>
    public ulong Token(Stamp now) => now < _deadline ? _epoch : 0;

    /// <summary>Begins to ask for the lease and to keep it.</summary>
    public void Want() => _wanted = true;

    /// <summary>Asks the voters to give the task to no other robot any more: before what cannot be undone.</summary>
    public void Commit()
    {
        if (IsCommitted || IsCommitting) return;
        IsCommitting = true;
        _asking = 0;
        _renewAt = Stamp.Never;
    }

    /// <summary>Learns of an epoch that somebody has; the next claim will be above it.</summary>
    public void Learn(ulong epoch)
    {
        // An epoch from nowhere near ours is damage or an attack: following it would use up the numbers of the roster.
        if (epoch > _floor && epoch < _roster.EpochFloor + (1UL << 39)) _floor = epoch;
    }

    /// <summary>Gives the lease back.</summary>
    /// <returns>What to send so that others need not wait; null = nothing is held.</returns>
    public LeaseClaim? Release()
    {
        ulong last = _asking != 0 ? _asking : _epoch;
        bool had = _wanted && last != 0;
        (_wanted, _deadline, _asking, IsCommitting, IsCommitted) = (false, Stamp.Never, 0, false, false);
        return had ? Claim(last, false) with { Release = true } : null;
    }

    /// <summary>Keeps the lease no longer, and leaves what the voters know as it is: the task is done, or this robot is no longer itself.</summary>
    public void Stop() => (_wanted, _deadline, _asking) = (false, Stamp.Never, 0);

    /// <summary>Does what is due.</summary>
    /// <param name="now">The robot's monotonic time.</param>
    /// <param name="jitter">In [0, 1): spreads the tries of robots that want the same.</param>
    /// <returns>The claim to send now; null = none.</returns>
    public LeaseClaim? Step(Stamp now, double jitter)
    {
        if (!_wanted) return null;
        if (_asking != 0)
        {
            if (now - _sentAt < _options.Retry) return null;
            // Half the time of this claim is gone: what is left is not worth having, so ask for a whole one.
            if (now - _askedAt < new Duration(_options.Length.Nanoseconds / 2))
            {
                _sentAt = now;
                return Claim(_asking, _askingCommit);
            }
            _asking = 0;
        }
        if (now < _renewAt || now < _notBefore) return null;
        ulong epoch = Math.Max(_floor, _epoch) + 1;
        if (!_store.TryPut(PromiseKeys.Claim + _task, new Promise(epoch, "")))
        {
            _notBefore = now + _options.Retry;
            return null;
        }
        _floor = epoch;
        (_asking, _askingCommit, _askedAt, _sentAt) = (epoch, IsCommitting || IsCommitted, now, now);
        _notBefore = now + new Duration((long)(_options.Retry.Nanoseconds * (1 + jitter)));
        _granted.Clear();
        return Claim(epoch, _askingCommit);
    }

    /// <summary>Counts a vote.</summary>
    /// <param name="from">Who voted, from the topic.</param>
    /// <param name="vote">The vote.</param>
    /// <param name="now">The robot's monotonic time.</param>
    public void OnVote(string from, in LeaseVote vote, Stamp now)
    {
        if (vote.Task != _task || vote.Roster != _roster.Number || !_roster.Has(from)) return;
        Learn(vote.Known);
        if (vote.Holder != _self || vote.Incarnation != _incarnation || vote.Epoch != _asking || _asking == 0) return;
        if (!vote.Granted)
        {
            CommittedElsewhere |= vote.Commit;
            // Our number was too small: another one at once, after a moment that differs between robots.
            if (vote.Known >= _asking) _asking = 0;
            return;
        }
        if (vote.Commit != _askingCommit) return;
        _granted.Add(from);
        if (_granted.Count < _roster.Majority) return;
        _epoch = _asking;
        _deadline = (Mutation == FleetMutation.DeadlineFromLastVote ? now : _askedAt) + _options.Shrunk(_options.Length);
        _renewAt = _askedAt + new Duration(_options.Length.Nanoseconds / 2);
        (IsCommitted, IsCommitting, CommittedElsewhere) = (IsCommitted || _askingCommit, IsCommitting && !_askingCommit, false);
        _asking = 0;
    }

    private LeaseClaim Claim(ulong epoch, bool commit) => new(_task, epoch, _incarnation, _options.Length, _roster.Number, Revision, commit);
}
