using EdgeAutonomy.Runtime;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.Assignment;

public class CentralScheduleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(ScheduleObjective.Makespan)]
    [InlineData(ScheduleObjective.Sum)]
    public void Solve_SmallProblems_EqualsTheBestOfAllSchedules(ScheduleObjective objective)
    {
        for (ulong seed = 0; seed < 25; seed++)
        {
            var problem = Random(seed, 1 + (int)(seed % 3), 1 + (int)(seed % 5), objective);
            var result = new CentralSchedule().Solve(problem);
            double best = BruteForce(problem, [.. Enumerable.Range(0, problem.Robots).Select(_ => new List<int>())], 0);
            Assert.True(result.IsOptimal);
            Assert.Equal(best, result.Value, 1e-9);
            Check(problem, result);
            double bound = new CentralSchedule().LowerBound(problem);
            Assert.True(bound <= best + 1e-9, $"seed {seed}: bound {bound} above the best {best}");
        }
    }

    [Fact]
    public void Search_ProblemsThatAreSolvedExactly_IsNearTheOptimum()
    {
        double sum = 0, best = 0;
        for (ulong seed = 0; seed < 12; seed++)
        {
            var problem = Random(seed, 3, 9, seed % 2 == 0 ? ScheduleObjective.Makespan : ScheduleObjective.Sum);
            double exact = new CentralSchedule().Solve(problem).Value, found = new ScheduleSearch(problem, seed).Run(150).Value;
            Assert.True(found >= exact - 1e-9, $"seed {seed}: {found} beats the optimum {exact}");
            (sum, best) = (sum + found, best + exact);
        }
        output.WriteLine($"search / optimum = {sum / best:F4}");
        Assert.True(sum / best < 1.02, $"{sum / best}");
    }

    [Fact]
    public void Solve_20RobotsAnd60Tasks_SaysItIsNotProvenAndGivesTheBound()
    {
        var problem = Random(7, 20, 60, ScheduleObjective.Makespan);
        var result = new CentralSchedule().Solve(problem, rounds: 40);
        Check(problem, result);
        output.WriteLine($"makespan {result.Value:F2} s, bound {result.LowerBound:F2} s, gap {result.Gap:P1}, optimal {result.IsOptimal}");
        Assert.True(result.LowerBound > 0 && result.LowerBound <= result.Value);
        Assert.True(result.Gap < 0.5, $"{result.Gap}");
        Assert.Equal(result.Value, new CentralSchedule().Solve(problem, rounds: 40).Value);
    }

    [Fact]
    public void Solve_NoTaskOrBadNumbers_IsHandled()
    {
        Assert.Equal(0, new CentralSchedule().Solve(new ScheduleProblem(2, 0, [], [], [])).Value);
        Assert.Throws<ArgumentException>(() => new CentralSchedule().Solve(new ScheduleProblem(1, 1, [-1], [0], [1])));
        Assert.Throws<ArgumentException>(() => new CentralSchedule().Solve(new ScheduleProblem(1, 1, [1], [], [1])));
    }

    internal static ScheduleProblem Random(ulong seed, int robots, int tasks, ScheduleObjective objective)
    {
        var random = new RandomStream(seed);
        Vector2D Place() => new(random.NextDouble(0, 40), random.NextDouble(0, 25));
        var starts = Enumerable.Range(0, robots).Select(_ => Place()).ToArray();
        // A task begins at one place and ends at another.
        var from = Enumerable.Range(0, tasks).Select(_ => Place()).ToArray();
        var to = Enumerable.Range(0, tasks).Select(_ => Place()).ToArray();
        return new ScheduleProblem(
            robots, tasks,
            [.. starts.SelectMany(s => from.Select(f => Vector2D.Distance(s, f)))],
            [.. to.SelectMany(t => from.Select(f => Vector2D.Distance(t, f)))],
            [.. from.Zip(to, (f, t) => Vector2D.Distance(f, t) + 5)], objective);
    }

    private static void Check(ScheduleProblem p, ScheduleResult result)
    {
        Assert.Equal(Enumerable.Range(0, p.Tasks), result.Routes.SelectMany(r => r).Order());
        var times = result.Routes.Select((r, i) => Time(p, i, r)).ToArray();
        Assert.Equal(p.Objective == ScheduleObjective.Sum ? times.Sum() : times.Max(), result.Value, 1e-9);
    }

    private static double Time(ScheduleProblem p, int robot, IReadOnlyList<int> route)
    {
        double t = 0;
        for (int k = 0; k < route.Count; k++) t += (k == 0 ? p.Start[robot * p.Tasks + route[0]] : p.Between[route[k - 1] * p.Tasks + route[k]]) + p.Durations[route[k]];
        return t;
    }

    private static double BruteForce(ScheduleProblem p, List<int>[] routes, int task)
    {
        if (task == p.Tasks)
        {
            var times = routes.Select((r, i) => Time(p, i, r)).ToArray();
            return p.Objective == ScheduleObjective.Sum ? times.Sum() : times.Max();
        }
        double best = double.PositiveInfinity;
        foreach (var route in routes)
        {
            for (int place = 0; place <= route.Count; place++)
            {
                route.Insert(place, task);
                best = Math.Min(best, BruteForce(p, routes, task + 1));
                route.RemoveAt(place);
            }
        }
        return best;
    }
}
