namespace EdgeAutonomy.Agents;

/// <summary>Elects one coordinator: the election of Raft (Ongaro and Ousterhout 2014) without its log, with the question before the election (Ongaro's thesis, 9.6) and a leader lease.</summary>
/// <remarks>
/// <para>A coordinator acts only while a majority answered heartbeats that it sent less than <see cref="ElectionOptions.Lease"/> ago; a voter elects nobody else for
/// <see cref="ElectionOptions.MinTimeout"/> after a heartbeat, or after its own start, when it has forgotten what it heard. The two times do not overlap, so at most one acts.</para>
/// <para>One thread; told everything, asks nobody. What it wants to say lies in the answers of its methods.</para>
/// </remarks>
public sealed class Elector
{
    // No robot's name, so that a vote for it is a vote for nobody.
    private const string Nobody = "/";
    private readonly string _self;
    private readonly Roster _roster;
    private readonly IPromiseStore _store;
    private readonly ElectionOptions _options;
    private readonly RandomStream _random;
    private readonly SortedSet<string> _votes = new(StringComparer.Ordinal);
    private readonly SortedList<string, Stamp> _acked = new(StringComparer.Ordinal);
    private readonly (ulong Number, Stamp Sent)[] _beats = new (ulong, Stamp)[16];
    private Stamp _heardLeader, _standAt, _electedAt, _beatAt = Stamp.Never;
    private uint _term;
    private string _votedFor;
    private Phase _phase;

    /// <summary>Makes an elector.</summary>
    /// <param name="self">The robot.</param>
    /// <param name="roster">The voters.</param>
    /// <param name="store">Its promises.</param>
    /// <param name="options">How elections run.</param>
    /// <param name="started">Now.</param>
    /// <param name="seed">Spreads the timeouts; another one for every robot.</param>
    public Elector(string self, Roster roster, IPromiseStore store, ElectionOptions options, Stamp started, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(roster);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        (_self, _roster, _store, _options) = (self, roster, store, options);
        _random = RandomStream.For(seed, self);
        var kept = store.TryGet(PromiseKeys.Term, out var promise) ? promise : new Promise(0, "");
        (_term, _votedFor) = ((uint)kept.Number, kept.Text);
        if (_term < roster.TermFloor) (_term, _votedFor) = (roster.TermFloor, "");
        // It may have heard a coordinator a moment before it stopped.
        _heardLeader = started;
        Restart(started);
    }

    private enum Phase
    {
        Follower,
        Asking,
        Candidate,
        Leader,
    }

    /// <summary>Gets the term.</summary>
    public uint Term => _term;

    /// <summary>Gets the coordinator of this term as far as it is known; null = none.</summary>
    public string? Leader { get; private set; }

    /// <summary>Gets whether this robot was elected in this term; it may act only while <see cref="IsActing"/>.</summary>
    public bool IsLeader => _phase == Phase.Leader;

    /// <summary>Gets whether this robot votes.</summary>
    public bool IsVoter => _roster.Has(_self) && (Roster.IsAdmitted(_store) || Mutation == FleetMutation.LostDiskVotes);

    /// <summary>Gets when <see cref="Step"/> has something to do.</summary>
    public Stamp NextDue => _phase == Phase.Leader ? _beatAt : IsVoter ? _standAt : new Stamp(long.MaxValue / 2);

    internal FleetMutation Mutation { get; set; }

    internal Stamp VotesFrom => _heardLeader + _options.MinTimeout;

    /// <summary>Returns whether this robot is the coordinator and may act as one now.</summary>
    /// <param name="now">The robot's monotonic time, read just before the act.</param>
    public bool IsActing(Stamp now) => _phase == Phase.Leader && now < ActingUntil;

    /// <summary>Gets until when the coordinator may act.</summary>
    public Stamp ActingUntil
    {
        get
        {
            if (_phase != Phase.Leader) return Stamp.Never;
            int others = _roster.Majority - 1;
            if (others == 0) return new Stamp(long.MaxValue / 2);
            // The majority's weakest link: the others-th latest of the sending times that were answered.
            Span<long> latest = stackalloc long[others];
            latest.Fill(long.MinValue / 2);
            for (int k = 0; k < _acked.Count; k++)
            {
                long time = _acked.GetValueAtIndex(k).Nanoseconds;
                for (int i = 0; i < others; i++)
                {
                    if (time > latest[i]) (latest[i], time) = (time, latest[i]);
                }
            }
            return new Stamp(latest[others - 1]) + _options.Lease;
        }
    }

    /// <summary>Does what is due.</summary>
    /// <param name="now">The robot's monotonic time.</param>
    /// <param name="request">What to ask the voters, if anything.</param>
    /// <param name="beat">Whether to send a heartbeat; tell its number to <see cref="Beaten"/>.</param>
    public void Step(Stamp now, out ElectionRequest? request, out bool beat)
    {
        (request, beat) = (null, false);
        if (!IsVoter) return;
        if (_phase == Phase.Leader)
        {
            // Heard by all and hearing nobody: as long as it beats, nobody else is elected.
            if (now - Stamp.Max(ActingUntil, _electedAt) > _options.MaxTimeout) StepDown(now);
            else beat = now >= _beatAt;
            return;
        }
        if (now < _standAt) return;
        Restart(now);
        _phase = Phase.Asking;
        Leader = null;
        _votes.Clear();
        _votes.Add(_self);
        request = new ElectionRequest(_term + 1, true, _roster.Number);
        if (_votes.Count >= _roster.Majority) request = Stand(now);
    }

    /// <summary>Notes that a heartbeat is about to be sent.</summary>
    /// <param name="number">Its sequence number.</param>
    /// <param name="now">The time before it is sent.</param>
    public void Beaten(ulong number, Stamp now)
    {
        _beats[number % (ulong)_beats.Length] = (number, now);
        _beatAt = now + _options.Beat;
    }

    /// <summary>Hears a request.</summary>
    /// <returns>The vote to send; null = none.</returns>
    public ElectionVote? OnRequest(string from, in ElectionRequest request, Stamp now)
    {
        if (!IsVoter || !_roster.Has(from) || request.Roster != _roster.Number || from == _self) return null;
        bool quiet = now >= VotesFrom && !IsActing(now);
        if (request.Preliminary)
        {
            bool would = request.Term > _term && quiet;
            return new ElectionVote(would ? request.Term : _term, from, true, would, _roster.Number);
        }
        // A coordinator was heard a moment ago: the candidate does not see what we see. Its term counts for nothing yet.
        if (!quiet || request.Term < _term) return new ElectionVote(_term, from, false, false, _roster.Number);
        if (request.Term > _term ? !Promise(request.Term, from) : _votedFor != from && (_votedFor.Length > 0 || !Promise(_term, from)))
            return new ElectionVote(_term, from, false, false, _roster.Number);
        StepDown(now);
        return new ElectionVote(_term, from, false, true, _roster.Number);
    }

    /// <summary>Hears a vote.</summary>
    /// <returns>The request that follows from it; null = none. When it is elected, <see cref="Step"/> beats next.</returns>
    public ElectionRequest? OnVote(string from, in ElectionVote vote, Stamp now)
    {
        if (!IsVoter || !_roster.Has(from) || vote.Roster != _roster.Number || vote.Candidate != _self) return null;
        if (!vote.Granted)
        {
            HigherTerm(vote.Term, now);
            return null;
        }
        bool asked = _phase == Phase.Asking && vote.Preliminary && vote.Term == _term + 1;
        // A candidacy ends with its time, also where nobody came to end it: who counts a vote of long ago may count one that its voter has lost with its disk.
        bool stood = _phase == Phase.Candidate && !vote.Preliminary && vote.Term == _term && now < _standAt;
        if (!asked && !stood) return null;
        _votes.Add(from);
        if (_votes.Count < _roster.Majority) return null;
        if (asked) return Stand(now);
        Lead(now);
        return null;
    }

    /// <summary>Hears a heartbeat.</summary>
    /// <param name="from">Who beats, from the topic.</param>
    /// <param name="term">The term.</param>
    /// <param name="now">The robot's monotonic time.</param>
    /// <param name="later">A vote that tells a coordinator of an old term to step down; null = none.</param>
    /// <returns>Whether to answer the beat.</returns>
    public bool OnBeat(string from, uint term, Stamp now, out ElectionVote? later)
    {
        later = null;
        if (!_roster.Has(from) || from == _self) return false;
        if (term < _term)
        {
            if (IsVoter) later = new ElectionVote(_term, from, false, false, _roster.Number);
            return false;
        }
        if (term > _term && IsVoter && !Promise(term, "")) return false;
        if (!IsVoter) _term = term;
        StepDown(now);
        Leader = from;
        _heardLeader = now;
        Restart(now);
        return IsVoter;
    }

    /// <summary>Hears the answer to a heartbeat.</summary>
    public void OnAck(string from, uint term, ulong beat)
    {
        if (_phase != Phase.Leader || term != _term || !_roster.Has(from) || from == _self) return;
        var (number, sent) = _beats[beat % (ulong)_beats.Length];
        if (number != beat) return;
        if (!_acked.TryGetValue(from, out var before) || sent > before) _acked[from] = sent;
    }

    /// <summary>Takes a term over from other voters after the disk was lost: it votes for nobody in it, because it may have voted already.</summary>
    /// <returns>False when it could not be kept.</returns>
    internal bool Relearn(uint term, Stamp now)
    {
        if (!Promise(Math.Max(term, _term), Nobody)) return false;
        _heardLeader = now;
        StepDown(now);
        return true;
    }

    /// <summary>Forgets what was counted: the robot has a new incarnation, or its link was down.</summary>
    public void StepDown(Stamp now)
    {
        if (_phase == Phase.Leader) Leader = null;
        _phase = Phase.Follower;
        Restart(now);
    }

    internal void LeadByName(string lowest, Stamp now)
    {
        if (lowest == _self && _phase != Phase.Leader)
        {
            _phase = Phase.Leader;
            (_beatAt, _electedAt) = (now, now);
        }
        else if (lowest != _self) _phase = Phase.Follower;
        Leader = lowest;
        foreach (string voter in _roster.Voters) _acked[voter] = now;
    }

    private void HigherTerm(uint term, Stamp now)
    {
        if (term > _term && term < _roster.TermFloor + (1u << 20) && Promise(term, "")) StepDown(now);
    }

    private ElectionRequest? Stand(Stamp now)
    {
        if (!Promise(_term + 1, _self)) return null;
        _phase = Phase.Candidate;
        _votes.Clear();
        _votes.Add(_self);
        Restart(now);
        if (_votes.Count >= _roster.Majority) Lead(now);
        return new ElectionRequest(_term, false, _roster.Number);
    }

    private void Lead(Stamp now)
    {
        _phase = Phase.Leader;
        Leader = _self;
        _acked.Clear();
        Array.Clear(_beats);
        (_beatAt, _electedAt) = (now, now);
    }

    // Kept before it is said: a voter that forgets its vote elects two.
    private bool Promise(uint term, string votedFor)
    {
        if (term < _term || !_store.TryPut(PromiseKeys.Term, new Promise(term, votedFor))) return false;
        if (term > _term && Leader != null) Leader = null;
        (_term, _votedFor) = (term, votedFor);
        return true;
    }

    private void Restart(Stamp now)
    {
        double spread = (_options.MaxTimeout - _options.MinTimeout).Nanoseconds * _random.NextDouble();
        _standAt = now + _options.MinTimeout + new Duration((long)spread);
    }
}
