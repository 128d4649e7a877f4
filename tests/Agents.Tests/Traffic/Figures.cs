using System.Diagnostics;
using EdgeAutonomy.Agents.Tests.Assignment;
using EdgeAutonomy.Runtime;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.Traffic;

/// <summary>Prints how long things take on this machine; asserts nothing about it.</summary>
[Trait("Clock", "Real")]
public class Figures(ITestOutputHelper output)
{
    [Fact]
    public void Print_Times()
    {
        var random = new RandomStream(1);
        var orca = new Orca(new OrcaOptions { Drive = new DifferentialDrive(1, 2, Duration.FromSeconds(0.35), 0.1) });
        var neighbours = Enumerable.Range(0, 20).Select(i => new OrcaNeighbour((ulong)i + 2, new(random.NextDouble(-4, 4), random.NextDouble(-4, 4)), new(random.NextDouble(-1, 1), random.NextDouble(-1, 1)), 0.3, 1, 0.02, Duration.FromMilliseconds(80), true)).ToArray();
        WallSegment[] walls = [.. Enumerable.Range(0, 10).Select(i => new WallSegment(new(i - 5, -3), new(i - 4, -3)))];
        var self = new OrcaSelf(1, default, new(1, 0), 0, 0.3, new(1, 0));
        Print("ORCA, 20 neighbours, 10 walls, wheels", 20_000, () => orca.Choose(self, neighbours, walls));

        var cost = Enumerable.Range(0, 200 * 200).Select(_ => random.NextDouble()).ToArray();
        var solver = new AssignmentSolver();
        var columnOf = new int[200];
        Print("assignment 200 x 200, uniform costs", 20, () => solver.Solve(cost, 200, 200, columnOf));
        // Products are the hard case: nearly all rows want the same columns.
        var hard = Enumerable.Range(0, 200 * 200).Select(i => (double)(i / 200 + 1) * (i % 200 + 1)).ToArray();
        Print("assignment 200 x 200, products", 20, () => solver.Solve(hard, 200, 200, columnOf));

        bool[] free = [.. Enumerable.Range(0, 30 * 20).Select(i => i % 30 % 2 == 0 || i / 30 % 4 == 0)];
        var graph = RouteGraph.FromGrid(free, 30, 20, 1, default, out _);
        var fleet = PlannedFleet.Random(graph, new PlannerOptions(), 20, 1);
        Print($"window of 20 robots on {graph.NodeCount} nodes, 32 steps", 5, () => new PrioritisedPlanner(graph, new PlannerOptions()).PlanWindow(fleet.Requests()));

        var exact = CentralScheduleTests.Random(1, 4, 11, ScheduleObjective.Makespan);
        Print("exact schedule, 4 robots x 11 tasks", 2, () => new CentralSchedule().Solve(exact));
        var large = CentralScheduleTests.Random(7, 20, 60, ScheduleObjective.Makespan);
        ScheduleResult? result = null;
        Print("schedule search, 20 robots x 60 tasks, 400 rounds", 1, () => result = new CentralSchedule().Solve(large));
        output.WriteLine($"  makespan {result!.Value:F2} s, bound {result.LowerBound:F2} s, gap {result.Gap:P1}");

        var tracks = Enumerable.Range(0, 50).Select(i => new ObjectTrack((uint)i, 1, new TrackEstimate(new(5 * i, 0), default, SymmetricMatrix4.Diagonal(0.1, 0.1, 0.2, 0.2)), Stamp.Zero, TrackSources.Of(2, 1))).ToArray();
        var table = new TrackTable(new TrackOptions());
        int k = 0;
        Print("merge of 50 tracks into 50", 200, () =>
        {
            k++;
            for (int i = 0; i < tracks.Length; i++) tracks[i] = tracks[i] with { Time = Stamp.FromSeconds(0.001 * k), Sources = TrackSources.Of(2, k) };
            table.Merge(tracks, Duration.Zero, Stamp.FromSeconds(0.001 * k));
        });
        Assert.True(k > 0);
    }

    private void Print(string what, int times, Action action)
    {
        action();
        var each = new double[times];
        for (int i = 0; i < times; i++)
        {
            long from = Stopwatch.GetTimestamp();
            action();
            each[i] = Stopwatch.GetElapsedTime(from).TotalMicroseconds;
        }
        Array.Sort(each);
        output.WriteLine($"{what}: p50 {each[times / 2]:F1} us, p99 {each[Math.Min(times - 1, times * 99 / 100)]:F1} us, {times} runs");
    }
}
