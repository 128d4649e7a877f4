using System.Numerics;

namespace EdgeAutonomy.Agents;

/// <summary>Shares tasks out with full knowledge: the measure that a fleet's own allocation is held against.</summary>
/// <remarks>
/// Up to <see cref="ExactTasks"/> tasks exactly: the best order of every subset for every robot (Held and Karp 1962), then the best partition of the tasks over the robots. Beyond, regret insertion and local search with restarts from
/// disturbed solutions; the result says which, and gives a lower bound: every task needs one predecessor of its own (an assignment problem) and all hang together (a spanning forest); for the makespan shared by all
/// robots, and no task can be done before the nearest robot has come and done it. Deterministic in the seed. Not thread-safe.
/// </remarks>
public sealed class CentralSchedule
{
    /// <summary>The most tasks that are solved exactly.</summary>
    public const int ExactTasks = 11;

    private readonly AssignmentSolver _assignment = new();

    /// <summary>Finds a schedule.</summary>
    /// <param name="problem">Robots and tasks.</param>
    /// <param name="seed">Seed of the search; without effect on exact solutions.</param>
    /// <param name="rounds">Rounds of disturb and improve.</param>
    /// <exception cref="ArgumentException">Sizes disagree or a time is out of range.</exception>
    public ScheduleResult Solve(ScheduleProblem problem, ulong seed = 1, int rounds = 400)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (problem.Fault() is { } fault) throw new ArgumentException(fault, nameof(problem));
        if (problem.Tasks == 0) return new ScheduleResult([.. Enumerable.Range(0, problem.Robots).Select(_ => Array.Empty<int>())], 0, 0, true);
        double bound = LowerBound(problem);
        if (problem.Tasks <= ExactTasks)
        {
            var (exact, value) = Exact(problem);
            return new ScheduleResult(exact, value, value, true);
        }
        var search = new ScheduleSearch(problem, seed);
        var (routes, found) = search.Run(rounds);
        // Sums of the same numbers in another order differ in the last digits.
        return new ScheduleResult(routes, found, Math.Min(bound, found), found <= bound * (1 + 1e-12));
    }

    /// <summary>Returns a value that no schedule can go below, seconds.</summary>
    public double LowerBound(ScheduleProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        int n = problem.Tasks, m = problem.Robots;
        double work = 0, single = 0;
        for (int j = 0; j < n; j++)
        {
            work += problem.Durations[j];
            double nearest = double.PositiveInfinity;
            for (int i = 0; i < m; i++) nearest = Math.Min(nearest, problem.Start[i * n + j]);
            single = Math.Max(single, nearest + problem.Durations[j]);
        }
        double sum = work + Math.Max(Predecessors(problem), Forest(problem));
        // Rounding of the bound must not lift it above the truth.
        sum *= 1 - 1e-12;
        return problem.Objective == ScheduleObjective.Sum ? sum : Math.Max(single, sum / m);
    }

    private double Predecessors(ScheduleProblem p)
    {
        int n = p.Tasks, columns = p.Robots + n;
        var cost = new double[n * columns];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < p.Robots; i++) cost[j * columns + i] = p.Start[i * n + j];
            for (int k = 0; k < n; k++) cost[j * columns + p.Robots + k] = k == j ? double.PositiveInfinity : p.Between[k * n + j];
        }
        return _assignment.Solve(cost, n, columns, new int[n]);
    }

    private static double Forest(ScheduleProblem p)
    {
        // Prim from all robots at once; an edge costs what its cheaper direction does.
        int n = p.Tasks;
        var near = new double[n];
        var done = new bool[n];
        for (int j = 0; j < n; j++)
        {
            near[j] = double.PositiveInfinity;
            for (int i = 0; i < p.Robots; i++) near[j] = Math.Min(near[j], p.Start[i * n + j]);
        }
        double total = 0;
        for (int k = 0; k < n; k++)
        {
            int best = -1;
            for (int j = 0; j < n; j++)
            {
                if (!done[j] && (best < 0 || near[j] < near[best])) best = j;
            }
            done[best] = true;
            total += near[best];
            for (int j = 0; j < n; j++) near[j] = Math.Min(near[j], Math.Min(p.Between[best * n + j], p.Between[j * n + best]));
        }
        return total;
    }

    private static (IReadOnlyList<int>[] Routes, double Value) Exact(ScheduleProblem p)
    {
        int n = p.Tasks, sets = 1 << n;
        var best = new double[p.Robots][];
        var taken = new int[p.Robots][];
        var time = new double[sets];
        for (int i = 0; i < p.Robots; i++)
        {
            RouteTimes(p, i, time, null);
            best[i] = new double[sets];
            taken[i] = new int[sets];
            for (int set = 0; set < sets; set++)
            {
                if (i == 0)
                {
                    (best[0][set], taken[0][set]) = (time[set], set);
                    continue;
                }
                double least = double.PositiveInfinity;
                // All subsets, the empty one last.
                for (int own = set; ; own = (own - 1) & set)
                {
                    double rest = best[i - 1][set ^ own], value = p.Objective == ScheduleObjective.Sum ? rest + time[own] : Math.Max(rest, time[own]);
                    if (value < least) (least, taken[i][set]) = (value, own);
                    if (own == 0) break;
                }
                best[i][set] = least;
            }
        }
        var routes = new IReadOnlyList<int>[p.Robots];
        int left = sets - 1;
        for (int i = p.Robots - 1; i >= 0; i--)
        {
            int own = taken[i][left];
            var route = new List<int>();
            RouteTimes(p, i, time, (own, route));
            routes[i] = route;
            left ^= own;
        }
        return (routes, best[p.Robots - 1][sets - 1]);
    }

    /// <summary>Fills in how long a robot takes for every set of tasks in the best order; gives the order of one set.</summary>
    private static void RouteTimes(ScheduleProblem p, int robot, double[] time, (int Set, List<int> Route)? wanted)
    {
        int n = p.Tasks, sets = 1 << n;
        // [set * n + last]: when the set is done and `last` was the last of it.
        var end = new double[sets * n];
        var before = new sbyte[sets * n];
        Array.Fill(end, double.PositiveInfinity);
        time[0] = 0;
        for (int set = 1; set < sets; set++)
        {
            double least = double.PositiveInfinity;
            for (int last = 0; last < n; last++)
            {
                if ((set & 1 << last) == 0) continue;
                int rest = set ^ 1 << last;
                double arrive = rest == 0 ? p.Start[robot * n + last] : double.PositiveInfinity;
                int from = -1;
                for (int k = 0; k < n; k++)
                {
                    if ((rest & 1 << k) == 0 || end[rest * n + k] + p.Between[k * n + last] >= arrive) continue;
                    (arrive, from) = (end[rest * n + k] + p.Between[k * n + last], k);
                }
                (end[set * n + last], before[set * n + last]) = (arrive + p.Durations[last], (sbyte)from);
                least = Math.Min(least, end[set * n + last]);
            }
            time[set] = least;
        }
        if (wanted is not { } w || w.Set == 0) return;
        int at = Enumerable.Range(0, n).Where(j => (w.Set & 1 << j) != 0).MinBy(j => end[w.Set * n + j]);
        for (int set = w.Set, count = BitOperations.PopCount((uint)w.Set); count > 0; count--)
        {
            w.Route.Insert(0, at);
            int previous = before[set * n + at];
            set ^= 1 << at;
            at = previous;
        }
    }
}
