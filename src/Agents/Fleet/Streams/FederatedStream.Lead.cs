using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

// What a coordinator does: calls, fetches, averages.
public sealed partial class FederatedStream
{
    private readonly SortedDictionary<string, Party> _parties = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Fetch> _fetches = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (uint Inc, string Id)> _submitted = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (string Id, FederatedUpdate Update)> _late = new(StringComparer.Ordinal);
    private readonly List<string> _scratch = [];
    private FederatedRound? _round;
    private uint _leads;
    private Stamp _openAt, _callAt, _closeAt;
    private long _closed, _accepted, _lateTaken, _overflow;

    /// <summary>Gets the round that this robot has open as coordinator; 0 = none.</summary>
    public uint OpenRound => _round?.Round ?? 0;

    /// <summary>Gets how many robots have contributed to it.</summary>
    public int Participants => _round?.Participants ?? 0;

    private bool OnReport(in FleetMessage message, in FederatedReport report)
    {
        if (!IsNews(message, report.Envelope, 1)) return true;
        if (_leads == 0 || report.Envelope.Epoch != _leads)
        {
            _ignored++;
            return true;
        }
        string robot = message.From;
        if (!_parties.ContainsKey(robot) && _parties.Count >= FederatedHead.MaxRobots)
        {
            _overflow++;
            return true;
        }
        _parties[robot] = new Party(report.Envelope.Incarnation, report.Trains, report.Offer, message.Now);
        if (report.Head is { } head && head.IsAfter(Model.Head) && (_pulledHead is null || head.IsAfter(_pulledHead))) PullModel(robot, report.HeadId!, head, message.Now);
        return true;
    }

    private void Lead(Stamp now)
    {
        bool acts = _node.IsCoordinating(now);
        if (_leads != 0 && _node.Term != _leads) StepDown();
        if (!acts) return;
        if (_leads == 0)
        {
            _leads = _node.Term;
            EndModelPull();
            (_openAt, _callAt) = (now + _options.Settle, now);
        }
        if (_round is null && _modelPull is null && now >= _openAt && Model.Head.Round < _options.LastRound) OpenNext(now);
        TakeUpdates(now);
        StartFetches(now);
        Close(now);
        if (now < _callAt) return;
        _callAt = now + _options.CallPeriod;
        var envelope = _node.Envelope("fl/call") with { Epoch = _leads };
        _node.Post("fl/call", FederatedWire.Write(new FederatedCall(envelope, OpenRound, Model.Head, _modelId, Size)), Word);
    }

    private void StepDown()
    {
        _leads = 0;
        _round = null;
        _parties.Clear();
        _fetches.Clear();
        _submitted.Clear();
        _late.Clear();
        // What a later coordinator calls is fetched from it.
        EndModelPull();
    }

    // A later model has come from elsewhere: what was open was about another one.
    private void BeginAnew(Stamp now)
    {
        _round = null;
        _fetches.Clear();
        _submitted.Clear();
        (_openAt, _callAt) = (now + _options.CallPeriod, now);
    }

    private void OpenNext(Stamp now)
    {
        _round = new FederatedRound(Model.Head.Round + 1, Model.Parameters.Length, now + _options.Deadline, _options.Rule) { Mutation = Mutation };
        _submitted.Clear();
        (_callAt, _closeAt) = (now, now);
    }

    private void StartFetches(Stamp now)
    {
        if (_round is null) return;
        if (_update is { } own) Submit(_node.Robot, _node.Incarnation, _updateId, own);
        foreach (var (robot, party) in _parties)
        {
            if (party.Offer is not { } offer || IsHere(robot, party.Inc, offer) || LagOf(robot, offer.Round, offer.BaseSha256) < 0) continue;
            if (_fetches.TryGetValue(robot, out var fetch))
            {
                if (fetch.Offer.Id == offer.Id)
                {
                    fetch.Inc = party.Inc;
                    continue;
                }
                _fetches.Remove(robot);
            }
            if (!HasRoom(robot, party, now)) continue;
            _fetches.Add(robot, new Fetch(new FederatedPull(robot, offer.Id, offer.Round, offer.BaseSha256, Size, now), offer) { Inc = party.Inc });
            _beatAt = Stamp.Never;
        }
    }

    private bool IsHere(string robot, uint inc, FederatedOffer offer)
        => (_submitted.TryGetValue(robot, out var here) && here == (inc, offer.Id)) || (_late.TryGetValue(robot, out var late) && late.Id == offer.Id);

    // 0 = of the open round, n = n rounds late, -1 = of no use: counted, too old, or about another line of models.
    private int LagOf(string robot, uint round, string baseSha256)
    {
        var head = Model.Head;
        if (round == head.Round + 1) return baseSha256 == head.Sha256 ? 0 : -1;
        if (round > head.Round || (head.LastOf(robot) >= round && Mutation != FederatedMutation.CountsLateOnesAgain)) return -1;
        uint lag = head.Round + 1 - round;
        return lag <= _options.MaxLag && lag <= head.Parents.Count && head.Parents[(int)lag - 1] == baseSha256 ? (int)lag : -1;
    }

    private bool HasRoom(string robot, Party party, Stamp now)
    {
        long most = _options.MaxBytes / Size, held = _round!.Participants + _late.Count + _fetches.Count;
        bool known = Model.Head.Counted.ContainsKey(robot) || _round.Robots.Contains(robot) || Model.Head.Counted.Count + _round.Participants < FederatedHead.MaxRobots;
        if (held >= most || !known)
        {
            if (!party.IsTurnedAway) _overflow++;
            party.IsTurnedAway = true;
            return false;
        }
        if (_fetches.Count < _options.MaxTransfers) return true;
        foreach (var (other, fetch) in _fetches)
        {
            if (now - fetch.Pull.ProgressAt <= _options.StallAfter) continue;
            _fetches.Remove(other);
            return true;
        }
        return false;
    }

    private void TakeUpdates(Stamp now)
    {
        _scratch.Clear();
        foreach (var (robot, fetch) in _fetches)
        {
            bool offered = _parties.TryGetValue(robot, out var party) && party.Offer is { } offer && offer.Id == fetch.Offer.Id;
            if (!offered || LagOf(robot, fetch.Offer.Round, fetch.Offer.BaseSha256) < 0) _scratch.Add(robot);
            else if (_round is null) continue;
            else if (fetch.Pull.IsComplete)
            {
                Ask(fetch.Pull, now);
                Submit(robot, fetch.Inc, fetch.Offer.Id, new FederatedUpdate(fetch.Offer.Round, fetch.Offer.BaseSha256, fetch.Offer.Samples, MemoryMarshal.Cast<byte, float>(fetch.Pull.Content).ToArray()));
                _scratch.Add(robot);
            }
        }
        foreach (string robot in _scratch) _fetches.Remove(robot);
    }

    private void Submit(string robot, uint inc, string id, FederatedUpdate update)
    {
        if (IsHere(robot, inc, new FederatedOffer(update.Round, update.BaseSha256, update.Samples, id))) return;
        int lag = LagOf(robot, update.Round, update.BaseSha256);
        if (lag < 0) return;
        if (lag > 0)
        {
            if (!FederatedModel.IsFinite(update.Change)) _rejected++;
            else if (!_late.TryGetValue(robot, out var before) || before.Update.Round <= update.Round) _late[robot] = (id, update);
            return;
        }
        var outcome = _round!.Submit(update.Round, robot, inc, update.Samples, update.Change);
        if (outcome is UpdateOutcome.Accepted or UpdateOutcome.Replaced) _accepted++;
        else if (outcome == UpdateOutcome.Full) _overflow++;
        else _rejected++;
        // Refused ones too: they are not fetched again and again.
        _submitted[robot] = (inc, id);
    }

    private int Expected(Stamp now)
    {
        int count = Trains ? 1 : 0;
        foreach (var (robot, party) in _parties)
        {
            if (party.Trains && now - party.At < _options.CallPeriod * 4 && _node.Members.Find(robot) is { IsLost: false }) count++;
        }
        return count;
    }

    private void Close(Stamp now)
    {
        if (_round is not { } round || now < _closeAt || !round.CanClose(Expected(now), now)) return;
        float[] next = [.. Model.Parameters];
        if (!round.TryApply(next)) return;
        var head = Model.Head;
        var counted = new SortedDictionary<string, uint>(StringComparer.Ordinal);
        foreach (var (robot, last) in head.Counted) counted.Add(robot, last);
        foreach (string robot in round.Robots) counted[robot] = round.Round;
        int late = 0;
        foreach (var (robot, (_, update)) in _late)
        {
            int lag = LagOf(robot, update.Round, update.BaseSha256);
            if (lag < 1 || (counted.GetValueOrDefault(robot) >= update.Round && Mutation != FederatedMutation.CountsLateOnesAgain) || (counted.Count >= FederatedHead.MaxRobots && !counted.ContainsKey(robot))) continue;
            if (!FederatedRound.TryApplyLate(next, update.Change, lag, _options.Rule)) continue;
            counted[robot] = update.Round;
            late++;
        }
        // Finite ones can add up to what is not.
        if (!FederatedModel.IsFinite(next) || counted.Count > FederatedHead.MaxRobots)
        {
            _rejected++;
            BeginAnew(now);
            _late.Clear();
            return;
        }
        string[] parents = [head.Sha256, .. head.Parents.Take(FederatedHead.MaxParents - 1)];
        if (!Adopt(new FederatedModel(new FederatedHead(round.Round, _leads, FederatedModel.HashOf(next), parents, counted), next)))
        {
            _closeAt = now + _options.Retry;
            return;
        }
        _closed++;
        _lateTaken += late;
        _round = null;
        _late.Clear();
        _submitted.Clear();
        (_openAt, _callAt) = (now + _options.Pause, now);
    }

    private sealed record Party(uint Inc, bool Trains, FederatedOffer? Offer, Stamp At)
    {
        public bool IsTurnedAway { get; set; }
    }

    private sealed class Fetch(FederatedPull pull, FederatedOffer offer)
    {
        public FederatedPull Pull { get; } = pull;

        public FederatedOffer Offer { get; } = offer;

        public uint Inc { get; set; }
    }
}
