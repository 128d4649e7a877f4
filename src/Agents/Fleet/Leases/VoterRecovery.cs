namespace EdgeAutonomy.Agents;

/// <summary>Brings a voter on a new disk to what its old one knew, before it votes: asks the other voters what they have promised, and takes the greatest of each.</summary>
/// <remarks>
/// <para>Whatever a majority with the old disk had promised is known to at least half of the others; so a majority <b>of the others</b> has somebody who knows it, and the voter waits until that many have answered in full. Voters that are on new
/// disks themselves do not answer. With two others it needs both; a roster of one never recovers and takes a new number instead.</para>
/// <para>It first asks after the longest lease (and election) has passed since its start: a promise of the old disk that was still on its way cannot become a lease, a commit that is acted on or a coordinator later than that, so the answers hold
/// all that ever will. Pages come in the order of the tasks' names; what is granted meanwhile lies above what is read.</para>
/// <para>Commits are kept although another robot has a greater epoch at some voter: that one may never have had a majority. At worst a task waits for its board, as it does where two commits contradict each other. One thread; told everything.</para>
/// </remarks>
internal sealed class VoterRecovery
{
    private readonly string _self;
    private readonly Roster _roster;
    private readonly IPromiseStore _store;
    private readonly LeaseVoter _voter;
    private readonly Stamp _askFrom;
    private readonly Duration _retry;
    private readonly SortedList<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, LedgerRow> _rows = new(StringComparer.Ordinal);
    private Stamp _askAt;
    private uint _term;
    private bool _overflow;

    public VoterRecovery(string self, uint incarnation, Roster roster, IPromiseStore store, LeaseVoter voter, Stamp askFrom, Duration retry)
    {
        (_self, Incarnation, _roster, _store, _voter, _askFrom, _retry, _askAt) = (self, incarnation, roster, store, voter, askFrom, retry, askFrom);
        foreach (string other in roster.Voters)
        {
            if (other != self) _answers.Add(other, new Answer());
        }
    }

    /// <summary>Gets or sets the incarnation that asks; a new disk may begin with one that is too small.</summary>
    public uint Incarnation { get; set; }

    /// <summary>Gets whether the voter waits for answers.</summary>
    public bool IsWanted => _roster.Has(_self) && Roster.IsReadmitted(_store);

    /// <summary>Gets the greatest term that was heard; the voter must vote for nobody in it or before.</summary>
    public uint Term => _term;

    /// <summary>Gets when <see cref="TryAsk"/> has something to say.</summary>
    public Stamp NextDue => IsWanted ? _askAt : new Stamp(long.MaxValue / 2);

    /// <summary>Gets how many of the others must answer: a majority of them.</summary>
    public int Needed => _answers.Count / 2 + 1;

    /// <summary>Gets how many have answered in full.</summary>
    public int Answered
    {
        get
        {
            int count = 0;
            foreach (var answer in _answers.Values) count += answer.IsWhole ? 1 : 0;
            return count;
        }
    }

    /// <summary>Returns whom to ask for what now; to be called until it says no.</summary>
    public bool TryAsk(Stamp now, out LedgerAsk ask)
    {
        ask = default;
        if (!IsWanted || now < _askFrom || _overflow) return false;
        for (int i = 0; i < _answers.Count; i++)
        {
            var answer = _answers.GetValueAtIndex(i);
            if (answer.IsWhole || now < answer.AskAt) continue;
            answer.AskAt = now + _retry;
            ask = new LedgerAsk(_roster.Number, _answers.GetKeyAtIndex(i), answer.After);
            return true;
        }
        _askAt = now + _retry;
        return false;
    }

    /// <summary>Takes an answer.</summary>
    /// <returns>Whether it was the last one needed: the voter knows everything now; <see cref="Finish"/>.</returns>
    public bool OnPage(string from, LedgerPage page, Stamp now)
    {
        if (!IsWanted || now < _askFrom || page.Roster != _roster.Number || page.To != _self || page.ToIncarnation != Incarnation) return false;
        // A page twice, or one of a question before.
        if (!_answers.TryGetValue(from, out var answer) || answer.IsWhole || page.After != answer.After) return false;
        foreach (var row in page.Rows)
        {
            if (!_rows.TryGetValue(row.Task, out var known))
            {
                if (_rows.Count >= IPromiseStore.Capacity)
                {
                    _overflow = true;
                    return false;
                }
                _rows.Add(row.Task, row);
            }
            else _rows[row.Task] = Merge(known, row);
            answer.After = row.Task;
        }
        _term = Math.Max(_term, page.Term);
        (answer.IsWhole, answer.AskAt, _askAt) = (!page.HasMore, Stamp.Never, Stamp.Never);
        return Answered >= Needed;
    }

    /// <summary>Keeps what was learned, and lets the voter vote.</summary>
    /// <param name="takeTerm">Keeps the greatest term; false when it could not.</param>
    /// <returns>False when something could not be kept: try again.</returns>
    public bool Finish(Func<uint, bool> takeTerm)
    {
        if (!IsWanted || Answered < Needed || !_voter.Learn(_rows.Values) || !takeTerm(_term)) return false;
        return _roster.Admit(_store);
    }

    /// <summary>Joins two voters' promises for a task: the greatest epoch, and the commit of the latest revision, whoever has it. Two commits of one revision: one of them never had a majority, or was given back, and nobody here can
    /// tell which; so it is committed to nobody, and waits for its board.</summary>
    public static LedgerRow Merge(in LedgerRow a, in LedgerRow b)
    {
        var (high, low) = a.Epoch >= b.Epoch ? (a, b) : (b, a);
        if (low.CommitRevision > high.CommitRevision) return low with { Epoch = high.Epoch };
        bool differ = low.CommitRevision > 0 && low.CommitRevision == high.CommitRevision && (low.Holder, low.Incarnation) != (high.Holder, high.Incarnation);
        return differ ? high with { Holder = LedgerPage.Nobody, Incarnation = 0 } : high;
    }

    private sealed class Answer
    {
        public string After { get; set; } = "";

        public bool IsWhole { get; set; }

        public Stamp AskAt { get; set; } = Stamp.Never;
    }
}
