using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>The plan of one place that knows all robots, tasks and ways: what a fleet's own sharing is held against.</summary>
/// <param name="Seconds">When its last task is done, at the speed that ways are reckoned with, straight ways and nobody in the way.</param>
/// <param name="LowerBound">No plan is faster at that speed.</param>
internal readonly record struct FleetOptimum(double Seconds, double LowerBound)
{
    /// <summary>Finds it.</summary>
    /// <param name="tasks">All tasks.</param>
    /// <param name="starts">Where robots start.</param>
    public static FleetOptimum Of(IReadOnlyList<FleetTask> tasks, IReadOnlyList<MapPoint> starts)
    {
        if (tasks.Count == 0 || starts.Count == 0) return default;
        int n = tasks.Count;
        var start = new double[starts.Count * n];
        var between = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < starts.Count; i++) start[i * n + j] = FleetJobs.Seconds(starts[i], Place(tasks[j]));
            for (int k = 0; k < n; k++) between[k * n + j] = FleetJobs.Seconds(Place(tasks[k]), Place(tasks[j]));
        }
        var problem = new ScheduleProblem(starts.Count, n, start, between, [.. tasks.Select(t => t.Seconds)]);
        var found = new CentralSchedule().Solve(problem);
        return new FleetOptimum(Math.Round(found.Value, 3), Math.Round(found.LowerBound, 3));
    }

    private static MapPoint Place(FleetTask task) => new(task.X, task.Y);
}
