using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

// When a plan is made, around whom, and who goes first.
public sealed partial class PlanStream
{
    // Steps that whoever goes first leaves those in its way to make room; and more to one that said lately that it could not.
    private const int Grace = 3, LongGrace = 8;

    private readonly Duration _window;
    private readonly List<PlannedObstacle> _obstacles = [];
    private readonly List<PathVisit> _next = [];
    private readonly bool[] _blocked;
    private int[]? _ticks, _detour;
    private long _blocks, _blocksBefore;
    private int _nearest = int.MaxValue, _leftBefore, _stuck, _boosts;
    private PlanPriority _priority;
    private Stamp _windowAt = Stamp.Never, _plannedAt = Stamp.Never, _frontUntil = Stamp.Never;
    private int _urgency = -PlanMessage.MaxRank, _best = int.MaxValue, _turn, _front;
    private bool _planNow, _planSoon;

    private void TakeGoal(int node, int urgency, Stamp now)
    {
        (Goal, _urgency, _ticks) = (node, urgency, node < 0 ? null : _graph.TicksTo(node, _options.Speed, _options.Planner.Step));
        (_detour, _blocks, _nearest, _stuck, _boosts) = (_ticks, 0, int.MaxValue, 0, 0);
        (Failed, _best, _turn, _front) = (0, int.MaxValue, 0, 0);
        (_windowAt, _beatAt, _planNow) = (Stamp.Never, Stamp.Never, true);
        _now = now;
    }

    // Ranks hold for half a window, or two robots would change places with every step.
    private void CountWindow()
    {
        if (_now < _windowAt) return;
        _windowAt = _now + _options.Planner.Step * Math.Max(1, _options.Planner.WindowSteps / 2);
        _planNow = true;
        int left = Left(_detour), direct = Left(_ticks);
        _stuck = Goal < 0 || direct == 0 || direct < _nearest ? 0 : _stuck + 1;
        _nearest = Math.Min(direct, _nearest);
        // Whoever went first as often as that and still is not there is pushed to and fro.
        IsDeadlocked = _stuck >= _options.Planner.DeadlockAfter || (_boosts >= _options.Planner.RotateAfter && direct > 0);
        // On a way around it comes nearer by that way only; another way is no progress.
        bool nears = direct < _best || (_blocks == _blocksBefore && left < _leftBefore);
        (_blocksBefore, _leftBefore) = (_blocks, left);
        if (direct == 0 || nears)
        {
            (_best, Failed) = (Math.Min(direct, _best), 0);
            // Who goes first goes first until it has arrived; else two robots push each other to and fro.
            if (direct == 0) (_turn, _front) = (0, 0);
        }
        else if (Goal >= 0 && ++Failed % _options.Planner.RotateAfter == 0)
        {
            int last = _turn;
            foreach (var peer in _peers.Values) last = Math.Max(last, peer.Priority.Turn);
            // Measured anew from here: whoever evaded far must not count as stuck on its way back.
            (_turn, _best) = (Math.Min(last + 1, PlanMessage.MaxRank), direct);
            _boosts++;
        }
        if (_front > 0 && _now >= _frontUntil) _front = 0;
        SetRank(left);
    }

    private int Left(int[]? ticks)
    {
        if (ticks is null) return PlanMessage.MaxRank;
        return Math.Min(ticks[_visits.Length > 0 ? _visits[_index].Node : Nearest(Position)], PlanMessage.MaxRank);
    }

    internal PlanPriority Rank => _priority;

    private void SetRank(int left) => _priority = new PlanPriority(_front, _turn, _urgency, left, _node.Robot);

    private bool MustPlan()
    {
        if (Plan is null || _planNow) return true;
        int next = _arrived ? _index + 1 : 0;
        if (next < _visits.Length && _now - (PlanStart + _visits[next].In) > _options.Planner.Step) _planSoon = true;
        foreach (var peer in _peers.Values)
        {
            if (!peer.IsNew) continue;
            peer.IsNew = false;
            bool yields = Moves(peer) && !peer.Priority.GoesBefore(_priority);
            // Who lets this robot by from now on, and who leaves a robot some room that found no way, is a reason to look again.
            _planSoon |= Conflicts(peer) || (yields && !peer.Yielded && Goal >= 0) || Stands;
            peer.Yielded = yields;
        }
        return _planSoon && _now >= _plannedAt + _options.Planner.Step;
    }

    private bool Conflicts(PlanPeer peer)
    {
        if (peer.IsForgotten) return false;
        if (!Moves(peer))
        {
            for (int i = _claimed; i < _visits.Length; i++)
            {
                var (from, to) = Segment(i);
                if (ClaimLine.Near(from, to, peer.Line, Apart(peer))) return true;
            }
            return false;
        }
        return !_options.IgnoresPriority && peer.Priority.GoesBefore(_priority)
            && peer.Message!.TryPlan(_graph, peer.Robot, peer.Elapsed(_now) + _options.Delay / 2, out var plan) && Remaining().FindConflict(plan, _options.Planner.Clearance) is not null;
    }

    private void Replan()
    {
        (_plannedAt, _planNow, _planSoon, _mustSend) = (_now, false, false, true);
        Plans++;
        var request = Begin(out int granted);
        var plan = Find(request);
        // To go first helps those who want to go.
        if (plan is null && _now >= _frontUntil && request.Start != request.Goal)
        {
            foreach (var peer in _peers.Values) _front = Math.Max(_front, peer.Priority.Front);
            (_front, _frontUntil) = (Math.Min(_front + 1, PlanMessage.MaxRank), _now + _window);
            SetRank(_priority.Left);
            plan = Find(request);
        }
        Stands = plan is null;
        _next.AddRange((plan ?? _planner.Hold(request)).Visits);
        bool starts = _granted == 0;
        (_visits, PlanStart, _index, _granted) = ([.. _next], _now, 0, granted);
        _claimed = _granted;
        _since = new ulong[_visits.Length];
        if (starts && !_arrived && Vector2D.Distance(Position, At(0)) <= _options.Tolerance)
        {
            // It stands there: nobody can be asked whether it may.
            (_arrived, _granted, _claimed) = (true, 1, 1);
        }
        Plan = new PathPlan(_graph, _node.Robot, _options.Radius, _arrived ? At(0) : Position, _visits, Failed);
    }

    /// <summary>Finds where a new plan begins: at the first own node before which the robot can stop. What lies before it stays part of the plan.</summary>
    private PlanRequest Begin(out int granted)
    {
        _next.Clear();
        var pose = _node.Pose;
        var at = Position;
        if (_granted == 0)
        {
            granted = 0;
            int nearest = _visits.Length > 0 ? _visits[0].Node : Nearest(at);
            double way = Vector2D.Distance(at, _graph[nearest].Position);
            return Request(nearest, at, way <= _options.Tolerance ? Duration.Zero : Time(way));
        }
        double brakes = (double)(pose.VelocityX * pose.VelocityX + pose.VelocityY * pose.VelocityY) / (2 * _options.Deceleration), far = 0;
        bool left = _arrived && Vector2D.Distance(at, At(_index)) > _options.Tolerance;
        int first = left ? _index + 1 : _index;
        if (first >= _granted) (first, left) = (_index, false);
        var from = at;
        int start = first;
        for (; ; start++)
        {
            far += Vector2D.Distance(from, At(start));
            from = At(start);
            if (far >= brakes || start == _granted - 1) break;
        }
        far = 0;
        from = at;
        if (left) _next.Add(new PathVisit(_visits[_index].Node, Duration.Zero, Duration.Zero));
        for (int i = first; i < start; i++)
        {
            far += Vector2D.Distance(from, At(i));
            from = At(i);
            _next.Add(new PathVisit(_visits[i].Node, Time(far), Time(far)));
        }
        granted = _next.Count + 1;
        far += Vector2D.Distance(from, At(start));
        return Request(_visits[start].Node, at, _next.Count == 0 && _arrived && far <= _options.Tolerance ? Duration.Zero : Time(far));

        PlanRequest Request(int node, Vector2D position, Duration delay) => new(_node.Robot, node, Goal < 0 ? node : Goal, _options.Radius, _options.Speed, position, delay, _urgency);

        Duration Time(double way) => Duration.FromSeconds(way / _options.Speed);
    }

    private PathPlan? Find(in PlanRequest request)
    {
        _obstacles.Clear();
        Array.Clear(_blocked);
        foreach (var peer in _peers.Values)
        {
            if (peer.Message is null || peer.IsForgotten) continue;
            bool stands = !Moves(peer);
            if (stands || (peer.Message.Left == 0 && peer.Priority.GoesBefore(_priority))) Block(peer.Line, Apart(peer));
            if (stands) AddLine(peer, Duration.Unlimited);
            else if (_options.IgnoresPriority || !peer.Priority.GoesBefore(_priority)) AddLine(peer, _options.Planner.Step * (peer.StoodAt != Stamp.Never && _now - peer.StoodAt < _window * 2 ? LongGrace : Grace));
            else AddPlan(peer);
        }
        foreach (var member in _node.Members.Members)
        {
            if (!StandsWhereSeen(member, out var at, out double radius)) continue;
            _obstacles.Add(new PlannedObstacle(PathPlan.Standing(member.Robot, radius, at, Duration.Unlimited), 0));
            Block([at], _options.Radius + radius + _options.Planner.Clearance);
        }
        if (_ticks is null) return _planner.Plan(request, CollectionsMarshal.AsSpan(_obstacles));
        Detour(request.Start);
        return _planner.Plan(request, _detour!, CollectionsMarshal.AsSpan(_obstacles));
    }

    private void Block(ReadOnlySpan<Vector2D> line, double distance)
    {
        for (int i = 0; i < _blocked.Length; i++) _blocked[i] |= ClaimLine.Near(_graph[i].Position, _graph[i].Position, line, distance);
    }

    // Behind the window nobody is in the way; only who stands is known to be there still. Where no way leads around, it may have gone by then.
    private void Detour(int start)
    {
        long blocks = 17;
        for (int i = 0; i < _blocked.Length; i++)
        {
            if (_blocked[i]) blocks = blocks * 1_000_003 + i;
        }
        if (blocks != _blocks)
        {
            _detour = _blocked[Goal] ? _ticks : _graph.TicksTo(Goal, _options.Speed, _options.Planner.Step, _blocked);
            _blocks = blocks;
        }
        if (_detour![start] == int.MaxValue) _detour = _ticks;
    }

    // Its message was some time on its way, nobody knows how long: it is where its plan has it, or a little behind.
    private void AddPlan(PlanPeer peer)
    {
        var elapsed = peer.Elapsed(_now);
        double stray = _options.Planner.StrayRate * Math.Max(0, (_now - peer.ArrivedAt - _options.Repeat * 2).Seconds);
        if (peer.Message!.TryPlan(_graph, peer.Robot, elapsed, out var plan)) _obstacles.Add(new PlannedObstacle(plan, stray));
        if (_options.Delay > Duration.Zero && peer.Message.TryPlan(_graph, peer.Robot, elapsed + _options.Delay, out plan)) _obstacles.Add(new PlannedObstacle(plan, stray));
    }

    private void AddLine(PlanPeer peer, Duration most)
    {
        var line = peer.Line;
        var visits = peer.Message!.Visits;
        bool stays = most == Duration.Unlimited;
        var elapsed = stays ? Duration.Zero : peer.Elapsed(_now);
        double radius = peer.Message.Radius, spacing = Math.Max(radius, 0.1);
        for (int i = 0; i < line.Length; i++)
        {
            // The way to a node is free when it is reached, the last one when it is left.
            var until = stays ? most : Duration.Min(most, Duration.Max((i < visits.Count && i < line.Length - 1 ? visits[i].In : visits[Math.Max(0, i - 1)].Out) - elapsed, _options.Planner.Step));
            Vector2D from = line[i], to = line[Math.Min(i + 1, line.Length - 1)];
            int pieces = 1 + (int)Math.Min(64, Vector2D.Distance(from, to) / spacing);
            for (int k = 0; k < (i == line.Length - 1 ? 1 : pieces); k++) _obstacles.Add(new PlannedObstacle(PathPlan.Standing(peer.Robot, radius, from + (to - from) * ((double)k / pieces), until), 0));
        }
    }

    private PathPlan Remaining()
    {
        var over = _now - PlanStart;
        var rest = new PathVisit[_visits.Length - _index];
        for (int i = 0; i < rest.Length; i++)
        {
            var visit = _visits[_index + i];
            rest[i] = new PathVisit(visit.Node, i == 0 && _arrived ? Duration.Zero : Duration.Max(Duration.Zero, visit.In - over), Duration.Max(Duration.Zero, visit.Out - over));
        }
        return new PathPlan(_graph, _node.Robot, _options.Radius, _arrived ? At(_index) : Position, rest, Failed);
    }

    private int Nearest(Vector2D at)
    {
        int nearest = 0;
        for (int i = 1; i < _graph.NodeCount; i++)
        {
            if ((_graph[i].Position - at).LengthSquared < (_graph[nearest].Position - at).LengthSquared) nearest = i;
        }
        return nearest;
    }
}
