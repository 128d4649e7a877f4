namespace EdgeAutonomy.Agents;

/// <summary>Regret insertion, then moves and exchanges of tasks, reversals of stretches, and restarts from solutions of which a part was taken out (large neighbourhood search, Shaw 1998).</summary>
internal sealed class ScheduleSearch(ScheduleProblem p, ulong seed)
{
    private readonly RandomStream _random = new(seed);
    private readonly List<int>[] _routes = [.. Enumerable.Range(0, p.Robots).Select(_ => new List<int>())];
    private readonly double[] _times = new double[p.Robots];

    public (IReadOnlyList<int>[] Routes, double Value) Run(int rounds)
    {
        Insert([.. Enumerable.Range(0, p.Tasks)]);
        Improve();
        var best = Copy();
        var kept = Copy();
        (double Main, double Side) bestValue = Value(), keptValue = bestValue;
        for (int round = 0; round < rounds; round++)
        {
            Insert(Disturb());
            Improve();
            var value = Value();
            if (Less(value, bestValue)) (best, bestValue) = (Copy(), value);
            // A little worse is kept at first, less and less so.
            double slack = 0.05 * (1 - (double)round / rounds);
            if (value.Main <= keptValue.Main * (1 + slack * _random.NextDouble()))
            {
                (kept, keptValue) = (Copy(), value);
                continue;
            }
            Restore(kept);
        }
        return ([.. best.Select(r => (IReadOnlyList<int>)r)], bestValue.Main);
    }

    /// <summary>The objective, then what tells apart equal makespans and leads downhill: the sum of squares of the robots' times.</summary>
    private (double Main, double Side) Value()
    {
        double sum = 0, most = 0, squares = 0;
        foreach (double t in _times) (sum, most, squares) = (sum + t, Math.Max(most, t), squares + t * t);
        return p.Objective == ScheduleObjective.Sum ? (sum, 0) : (most, squares);
    }

    private static bool Less((double Main, double Side) a, (double Main, double Side) b) => a.Main < b.Main - 1e-9 || a.Main <= b.Main + 1e-9 && a.Side < b.Side - 1e-9;

    private (double Main, double Side) ValueWith(int a, double timeA, int b, double timeB)
    {
        (double oldA, double oldB) = (_times[a], _times[b]);
        (_times[a], _times[b]) = (timeA, timeB);
        var value = Value();
        (_times[b], _times[a]) = (oldB, oldA);
        return value;
    }

    private double Leg(int robot, int from, int to) => to < 0 ? 0 : from < 0 ? p.Start[robot * p.Tasks + to] : p.Between[from * p.Tasks + to];

    private double TimeOf(int robot, List<int> route)
    {
        double t = 0;
        int at = -1;
        foreach (int j in route)
        {
            t += Leg(robot, at, j) + p.Durations[j];
            at = j;
        }
        return t;
    }

    private double Added(int robot, int place, int task)
    {
        var r = _routes[robot];
        int before = place > 0 ? r[place - 1] : -1, after = place < r.Count ? r[place] : -1;
        return Leg(robot, before, task) + p.Durations[task] + Leg(robot, task, after) - Leg(robot, before, after);
    }

    private double Saved(int robot, int place)
    {
        var r = _routes[robot];
        int before = place > 0 ? r[place - 1] : -1, after = place + 1 < r.Count ? r[place + 1] : -1;
        return Leg(robot, before, r[place]) + p.Durations[r[place]] + Leg(robot, r[place], after) - Leg(robot, before, after);
    }

    private void Insert(List<int> tasks)
    {
        while (tasks.Count > 0)
        {
            (int Task, int Robot, int Place, double Regret) choice = (-1, 0, 0, double.NegativeInfinity);
            foreach (int task in tasks)
            {
                (double Cost, int Robot, int Place) first = (double.PositiveInfinity, 0, 0);
                double second = double.PositiveInfinity;
                for (int i = 0; i < p.Robots; i++)
                {
                    double bestHere = double.PositiveInfinity;
                    int placeHere = 0;
                    for (int place = 0; place <= _routes[i].Count; place++)
                    {
                        double added = Added(i, place, task);
                        if (added < bestHere) (bestHere, placeHere) = (added, place);
                    }
                    double cost = p.Objective == ScheduleObjective.Sum ? bestHere : _times[i] + bestHere;
                    if (cost < first.Cost) (second, first) = (first.Cost, (cost, i, placeHere));
                    else if (cost < second) second = cost;
                }
                double regret = double.IsPositiveInfinity(second) ? -first.Cost : second - first.Cost;
                if (regret > choice.Regret) choice = (task, first.Robot, first.Place, regret);
            }
            _times[choice.Robot] += Added(choice.Robot, choice.Place, choice.Task);
            _routes[choice.Robot].Insert(choice.Place, choice.Task);
            tasks.Remove(choice.Task);
        }
        for (int i = 0; i < p.Robots; i++) _times[i] = TimeOf(i, _routes[i]);
    }

    private List<int> Disturb()
    {
        // Tasks near a random one, most of them from the slowest robot when the makespan counts.
        var all = Enumerable.Range(0, p.Tasks).ToList();
        int slowest = Array.IndexOf(_times, _times.Max());
        int centre = p.Objective == ScheduleObjective.Makespan && _routes[slowest].Count > 0 && _random.NextDouble() < 0.7 ? _routes[slowest][_random.NextInt32(_routes[slowest].Count)] : _random.NextInt32(p.Tasks);
        int count = Math.Min(p.Tasks, 2 + _random.NextInt32(Math.Max(1, Math.Min(12, p.Tasks / 3))));
        var noise = new double[p.Tasks];
        for (int j = 0; j < p.Tasks; j++) noise[j] = (Math.Min(p.Between[centre * p.Tasks + j], p.Between[j * p.Tasks + centre]) + 1e-3) * _random.NextDouble(0.3, 1);
        noise[centre] = -1;
        all.Sort((a, b) => noise[a] != noise[b] ? noise[a].CompareTo(noise[b]) : a.CompareTo(b));
        var removed = all.GetRange(0, count);
        for (int i = 0; i < p.Robots; i++)
        {
            if (_routes[i].RemoveAll(removed.Contains) > 0) _times[i] = TimeOf(i, _routes[i]);
        }
        return removed;
    }

    private void Improve()
    {
        for (bool again = true; again;) again = Relocate() || Exchange() || Reverse();
        for (int i = 0; i < p.Robots; i++) _times[i] = TimeOf(i, _routes[i]);
    }

    private bool Relocate()
    {
        var now = Value();
        for (int a = 0; a < p.Robots; a++)
        {
            for (int x = 0; x < _routes[a].Count; x++)
            {
                int task = _routes[a][x];
                double less = _times[a] - Saved(a, x);
                for (int b = 0; b < p.Robots; b++)
                {
                    if (b == a) continue;
                    for (int y = 0; y <= _routes[b].Count; y++)
                    {
                        double more = _times[b] + Added(b, y, task);
                        if (!Less(ValueWith(a, less, b, more), now)) continue;
                        _routes[a].RemoveAt(x);
                        _routes[b].Insert(y, task);
                        (_times[a], _times[b]) = (less, more);
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private bool Exchange()
    {
        var now = Value();
        for (int a = 0; a < p.Robots; a++)
        {
            for (int b = a + 1; b < p.Robots; b++)
            {
                for (int x = 0; x < _routes[a].Count; x++)
                {
                    for (int y = 0; y < _routes[b].Count; y++)
                    {
                        (_routes[a][x], _routes[b][y]) = (_routes[b][y], _routes[a][x]);
                        double ta = TimeOf(a, _routes[a]), tb = TimeOf(b, _routes[b]);
                        if (Less(ValueWith(a, ta, b, tb), now))
                        {
                            (_times[a], _times[b]) = (ta, tb);
                            return true;
                        }
                        (_routes[a][x], _routes[b][y]) = (_routes[b][y], _routes[a][x]);
                    }
                }
            }
        }
        return false;
    }

    private bool Reverse()
    {
        for (int a = 0; a < p.Robots; a++)
        {
            var r = _routes[a];
            for (int x = 0; x < r.Count; x++)
            {
                for (int y = x + 1; y < r.Count; y++)
                {
                    r.Reverse(x, y - x + 1);
                    double t = TimeOf(a, r);
                    if (t < _times[a] - 1e-9)
                    {
                        _times[a] = t;
                        return true;
                    }
                    r.Reverse(x, y - x + 1);
                }
            }
        }
        return false;
    }

    private List<int>[] Copy() => [.. _routes.Select(r => new List<int>(r))];

    private void Restore(List<int>[] routes)
    {
        for (int i = 0; i < p.Robots; i++)
        {
            _routes[i].Clear();
            _routes[i].AddRange(routes[i]);
            _times[i] = TimeOf(i, _routes[i]);
        }
    }
}
