namespace EdgeAutonomy.Agents;

/// <summary>What a schedule makes least.</summary>
public enum ScheduleObjective : byte
{
    /// <summary>The instant at which the last task is done.</summary>
    Makespan,

    /// <summary>The sum over robots of the time until each has done its last task.</summary>
    Sum,
}

/// <summary>Robots and the tasks that they shall share out: every task once, any number in a row for one robot.</summary>
/// <param name="Robots">Number of robots.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="Start">Seconds from a robot's place to where a task begins, <c>[robot * Tasks + task]</c>; a robot that is still busy adds that.</param>
/// <param name="Between">Seconds from where a task ends to where another begins, <c>[task * Tasks + next]</c>.</param>
/// <param name="Durations">Seconds that a task takes, by task.</param>
/// <param name="Objective">What is made least.</param>
public sealed record ScheduleProblem(int Robots, int Tasks, double[] Start, double[] Between, double[] Durations, ScheduleObjective Objective = ScheduleObjective.Makespan)
{
    internal string? Fault()
    {
        if (Robots is < 1 or > 1024 || Tasks is < 0 or > 4096) return $"Schedule: {Robots} robots and {Tasks} tasks; must be 1 to 1024 and 0 to 4096.";
        if (Start.Length != Robots * Tasks || Between.Length != Tasks * Tasks || Durations.Length != Tasks) return $"Schedule: {Start.Length}, {Between.Length} and {Durations.Length} times for {Robots} robots and {Tasks} tasks; must be {Robots * Tasks}, {Tasks * Tasks} and {Tasks}.";
        foreach (double[] times in (double[][])[Start, Between, Durations])
        {
            int bad = Array.FindIndex(times, t => !(t >= 0 && t < 1e9));
            if (bad >= 0) return $"Schedule: time {bad} is {times[bad]} s; must be in [0, 1e9).";
        }
        return null;
    }
}
