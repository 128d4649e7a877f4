using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>The voter's side of fenced leases (docs/fleet.md, leases): grants a task to one robot at a time and never forgets the greatest epoch.</summary>
/// <remarks>
/// <para>One thread; told everything, asks nobody.</para>
/// <para>A voter whose disk is new knows neither epochs nor commits: it stays silent until a person admits it again (<see cref="Roster.Readmit"/>), and then until a majority of the other voters have told it theirs
/// (<c>VoterRecovery</c>). With <see cref="Roster.Admit"/>, which is for robots that never voted, it would make a majority with those who never heard of a commit, and the task would be done twice.</para>
/// </remarks>
public sealed class LeaseVoter
{
    private readonly string _self;
    private readonly Roster _roster;
    private readonly IPromiseStore _store;
    private readonly LeaseOptions _options;
    private readonly Stamp _started;
    private readonly Dictionary<string, Grant> _grants = new(StringComparer.Ordinal);

    /// <summary>Makes a voter.</summary>
    /// <param name="self">The robot.</param>
    /// <param name="roster">The voters.</param>
    /// <param name="store">Its promises.</param>
    /// <param name="options">How leases run.</param>
    /// <param name="started">Now: it refuses for the longest lease from here on.</param>
    public LeaseVoter(string self, Roster roster, IPromiseStore store, LeaseOptions options, Stamp started)
    {
        ArgumentNullException.ThrowIfNull(roster);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        (_self, _roster, _store, _options, _started) = (self, roster, store, options, started);
        foreach (string key in store.Keys(PromiseKeys.Lease))
        {
            if (store.TryGet(key, out var promise) && Grant.TryRead(promise, out var grant)) _grants[key[PromiseKeys.Lease.Length..]] = grant;
        }
    }

    /// <summary>Gets whether this robot may vote at all: it is on the roster and was admitted on this disk, and where it was admitted again, has heard the others.</summary>
    public bool IsAdmitted => _roster.Has(_self) && Roster.IsAdmitted(_store);

    /// <summary>Gets from when on it grants.</summary>
    public Stamp VotesFrom => _started + _options.Grown(_options.Longest);

    internal FleetMutation Mutation { get; set; }

    /// <summary>Returns until when the task is granted, on this robot's clock; <see cref="Stamp.Never"/> = it is not.</summary>
    internal Stamp GrantedUntil(string task) => _grants.TryGetValue(task, out var grant) ? grant.Until : Stamp.Never;

    /// <summary>Answers a claim.</summary>
    /// <param name="from">Who claims, from the topic.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="now">The robot's monotonic time.</param>
    /// <returns>The vote to send; null = stay silent: not a voter, another roster, a release, or the promise could not be kept.</returns>
    public LeaseVote? OnClaim(string from, in LeaseClaim claim, Stamp now)
    {
        if (!IsAdmitted && Mutation != FleetMutation.LostDiskVotes && (Mutation != FleetMutation.ReadmittedVotesAtOnce || !Roster.IsReadmitted(_store))) return null;
        if (claim.Roster != _roster.Number || claim.Length > _options.Longest || claim.Epoch <= _roster.EpochFloor) return null;
        if (!_grants.TryGetValue(claim.Task, out var grant)) grant = new Grant(0, null, 0, 0, Stamp.Never);
        bool same = grant.Holder == from && grant.Incarnation == claim.Incarnation;
        if (claim.Release)
        {
            if (same && claim.Epoch >= grant.Epoch) GiveBack(claim.Task, grant with { Epoch = claim.Epoch }, now);
            return null;
        }
        // The vote was lost on its way: the promise stands, so it may be said again. It promises no more time.
        if (same && !grant.IsHearsay && claim.Epoch == grant.Epoch && claim.Commit == (grant.CommitRevision > 0)) return Vote(from, claim, true, grant);
        bool committedToOther = grant.CommitRevision > 0 && !same && claim.Revision < grant.CommitRevision;
        bool free = same || now >= grant.Until;
        if (claim.Epoch <= grant.Epoch || !free || committedToOther || (now < VotesFrom && Mutation != FleetMutation.VoterForgetsToWait)) return Vote(from, claim, false, grant, committedToOther);
        uint commit = claim.Commit ? claim.Revision + 1 : same ? grant.CommitRevision : 0;
        var next = new Grant(claim.Epoch, from, claim.Incarnation, commit, now + _options.Grown(claim.Length));
        if (!_store.TryPut(PromiseKeys.Lease + claim.Task, next.ToPromise())) return null;
        _grants[claim.Task] = next;
        return Vote(from, claim, true, next);
    }

    /// <summary>Returns what it has promised for tasks after a name, in the order of the names; null = it must not say, because its own disk is new.</summary>
    internal IReadOnlyList<LedgerRow>? Ledger(string after, out bool hasMore)
    {
        hasMore = false;
        if (!IsAdmitted) return null;
        var tasks = new List<string>();
        foreach (var (task, grant) in _grants)
        {
            if (grant.Holder is not null && string.CompareOrdinal(task, after) > 0) tasks.Add(task);
        }
        tasks.Sort(StringComparer.Ordinal);
        hasMore = tasks.Count > LedgerPage.MaxRows;
        var rows = new List<LedgerRow>();
        foreach (string task in tasks.Take(LedgerPage.MaxRows)) rows.Add(new LedgerRow(task, _grants[task].Epoch, _grants[task].Holder!, _grants[task].Incarnation, _grants[task].CommitRevision));
        return rows;
    }

    /// <summary>Takes over what others have promised, where it is more than what it knows.</summary>
    /// <returns>False when something could not be kept.</returns>
    internal bool Learn(IEnumerable<LedgerRow> rows)
    {
        foreach (var row in rows)
        {
            var merged = _grants.TryGetValue(row.Task, out var old) && old.Holder is not null ? VoterRecovery.Merge(new LedgerRow(row.Task, old.Epoch, old.Holder, old.Incarnation, old.CommitRevision), row) : row;
            var next = new Grant(merged.Epoch, merged.Holder, merged.Incarnation, merged.CommitRevision, old.Until) { IsHearsay = true };
            if (!_store.TryPut(PromiseKeys.Lease + row.Task, next.ToPromise())) return false;
            _grants[row.Task] = next;
        }
        return true;
    }

    /// <summary>Forgets a task that is long done and will never come again.</summary>
    public void Forget(string task)
    {
        if (_grants.Remove(task)) _store.Remove(PromiseKeys.Lease + task);
    }

    // The holder says that it did nothing irreversible and will do nothing more. The epoch stays.
    private void GiveBack(string task, Grant grant, Stamp now)
    {
        var free = grant with { CommitRevision = 0, Until = now };
        if (!_store.TryPut(PromiseKeys.Lease + task, free.ToPromise())) return;
        _grants[task] = free;
    }

    private LeaseVote Vote(string from, in LeaseClaim claim, bool granted, in Grant grant, bool committed = false)
        => new(claim.Task, claim.Epoch, from, claim.Incarnation, _roster.Number, granted, grant.Epoch, granted ? grant.CommitRevision > 0 : committed);

    // CommitRevision: one above the revision that was committed, so that 0 is "not committed" and any later revision frees it.
    private readonly record struct Grant(ulong Epoch, string? Holder, uint Incarnation, uint CommitRevision, Stamp Until)
    {
        // Taken over from another voter in this life: never said again as an own vote, because it promises no time. After a restart the wait makes up for that.
        public bool IsHearsay { get; init; }

        public Promise ToPromise() => new(Epoch, string.Create(CultureInfo.InvariantCulture, $"{Holder} {Incarnation} {CommitRevision}"));

        public static bool TryRead(Promise promise, out Grant grant)
        {
            string[] parts = promise.Text.Split(' ');
            grant = default;
            if (parts.Length != 3 || !uint.TryParse(parts[1], CultureInfo.InvariantCulture, out uint incarnation)
                || !uint.TryParse(parts[2], CultureInfo.InvariantCulture, out uint commit)) return false;
            // Until is forgotten: that is why a voter that starts waits for the longest lease.
            grant = new Grant(promise.Number, parts[0], incarnation, commit, Stamp.Never);
            return true;
        }
    }
}
