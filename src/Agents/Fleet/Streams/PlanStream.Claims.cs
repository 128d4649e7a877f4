namespace EdgeAutonomy.Agents;

// What the robot may drive on: asked for, answered, given back.
public sealed partial class PlanStream
{
    // More is a wall in the others' way.
    private const int MostAhead = 8;

    // Times nearer to each other than this are no order: the rank decides.
    private static readonly Duration Same = Duration.FromMilliseconds(300);

    private PathVisit[] _visits = [];
    private ulong[] _since = [];
    private Vector2D _last;
    private int _index, _granted, _claimed;
    private bool _arrived;

    private Vector2D Position => new(_node.Pose.X, _node.Pose.Y);

    private Vector2D At(int visit) => _graph[_visits[visit].Node].Position;

    /// <summary>Gets the line that is this robot's own; for tests.</summary>
    internal Vector2D[] HeldLine => Plan is null ? [] : [_arrived ? At(_index) : Position, .. Enumerable.Range(_index, Math.Max(0, _granted - _index)).Select(At)];

    private double Apart(PlanPeer peer) => _options.Radius + peer.Message!.Radius + _options.Planner.Clearance;

    private void Advance()
    {
        Vector2D from = _last, at = Position;
        _last = at;
        if (Plan is null) return;
        (int index, bool arrived) = (_index, _arrived);
        if (!_arrived && _granted > 0 && Vector2D.Distance(at, At(0)) <= _options.Tolerance) _arrived = true;
        // The way since the last look counts: a fast robot may be by already.
        while (_arrived && _index + 1 < _granted && Vector2D.Distance(Vector2D.Nearest(from, at, At(_index + 1)), At(_index + 1)) <= _options.Tolerance) (_index, from) = (_index + 1, at);
        if (index != _index || arrived != _arrived) _mustSend = true;
    }

    private void DropRequests() => _claimed = _granted;

    // Of two that asked at once the one that goes first keeps it; what is somebody's stays so.
    private void Withdraw()
    {
        for (int i = _granted; i < _claimed; i++)
        {
            var (from, to) = Segment(i);
            foreach (var peer in _peers.Values)
            {
                if (peer.Message is null || peer.IsForgotten) continue;
                bool yields = peer.Priority.GoesBefore(_priority);
                if (!ClaimLine.Near(from, to, yields ? peer.Line : peer.Line.AsSpan(0, peer.HeldPoints), Apart(peer))) continue;
                (_claimed, _mustSend, WaitsFor) = (i, true, peer.Robot);
                return;
            }
        }
    }

    private void Request()
    {
        if (_now - _startedAt < _options.Settle || Plan is null) return;
        if (_claimed == _granted) WaitsFor = null;
        while (_claimed < _visits.Length && _claimed - _index <= MostAhead)
        {
            var leaves = _claimed == 0 ? _now : PlanStart + _visits[_claimed - 1].Out;
            if (leaves > _now + _options.Ahead) return;
            var (from, to) = Segment(_claimed);
            if (Blocker(from, to, leaves) is { } blocker)
            {
                WaitsFor = blocker;
                return;
            }
            _since[_claimed++] = 0;
            _mustSend = true;
        }
    }

    private void Grant()
    {
        while (_granted < _claimed && (_since[_granted] != 0 || _options.TakesUnasked))
        {
            var (from, to) = Segment(_granted);
            if (!_options.TakesUnasked && Denier(from, to, _since[_granted]) is { } denier)
            {
                WaitsFor = denier;
                return;
            }
            _granted++;
        }
    }

    private (Vector2D From, Vector2D To) Segment(int visit) => (visit == 0 ? Position : At(visit - 1), At(visit));

    private string? Blocker(Vector2D from, Vector2D to, Stamp leaves)
    {
        foreach (var peer in _peers.Values)
        {
            if (peer.Message is null || peer.IsForgotten) continue;
            if (ClaimLine.Near(from, to, peer.Line, Apart(peer)) || (Moves(peer) && PassesBefore(peer, from, to, leaves))) return peer.Robot;
        }
        foreach (var member in _node.Members.Members)
        {
            if (StandsWhereSeen(member, out var at, out double radius) && ClaimLine.Near(from, to, at, at, _options.Radius + radius + _options.Planner.Clearance)) return member.Robot;
        }
        return null;
    }

    // Taken before its time, a node may shut in the one that was to pass there first.
    private bool PassesBefore(PlanPeer peer, Vector2D from, Vector2D to, Stamp leaves)
    {
        var visits = peer.Message!.Visits;
        var start = _now - peer.Elapsed(_now);
        for (int i = Math.Max(1, peer.Message.Claimed); i < visits.Count; i++)
        {
            var enters = start + visits[i - 1].Out;
            if (enters > leaves + Same) return false;
            if (!ClaimLine.Near(from, to, _graph[peer.Nodes[i - 1]].Position, _graph[peer.Nodes[i]].Position, Apart(peer))) continue;
            if (enters < leaves - Same || peer.Priority.GoesBefore(_priority)) return true;
        }
        return false;
    }

    private string? Denier(Vector2D from, Vector2D to, ulong since)
    {
        foreach (var peer in _peers.Values)
        {
            if (peer.Message is null || peer.IsForgotten) continue;
            if (ClaimLine.Near(from, to, peer.Line, Apart(peer)) || (IsAsked(peer) && !peer.HeardMe.Covers(_incarnation, since))) return peer.Robot;
        }
        foreach (string robot in _options.Robots ?? [])
        {
            if (robot != _node.Robot && (!_peers.TryGetValue(robot, out var peer) || (peer.Message is null && !peer.IsForgotten))) return robot;
        }
        return null;
    }

    // Who has no plan since its last start owns nothing but its place, and asks us before it does.
    private bool IsAsked(PlanPeer peer)
        => _options.Robots?.Contains(peer.Robot) == true || (_node.Members.Find(peer.Robot) is { } member && member.State != MemberState.Dead && member.Incarnation == peer.Message!.Inc);

    /// <summary>Returns whether a robot drives by a plan that is known here.</summary>
    private bool Moves(PlanPeer peer)
        => peer.Message is { Stands: false } m && peer.IsTimed && _now - peer.ArrivedAt < _window && _node.Members.Find(peer.Robot) is { State: MemberState.Alive } member && member.Incarnation == m.Inc;

    private bool StandsWhereSeen(Member member, out Vector2D at, out double radius)
    {
        ref readonly var beacon = ref member.Beacon;
        (at, radius) = (new Vector2D(beacon.X, beacon.Y), beacon.Radius);
        if (member.BeaconAt == Stamp.Never || beacon.Map != _options.Map || (beacon.Prefix.Flags & FleetFlags.Localised) == 0) return false;
        return !_peers.TryGetValue(member.Robot, out var peer) || (!peer.IsForgotten && (peer.Message is not { } m || member.State != MemberState.Alive || m.Inc != member.Incarnation));
    }
}
