using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Makes the summary of simulated runs and its table.</summary>
internal static class Summaries
{
    /// <summary>Summarises one run.</summary>
    public static RunSummary Of(SimulatedFleet fleet, ulong seed, double wallSeconds)
    {
        var latency = new LatencyHistogram();
        fleet.AddLatencies(latency);
        var stages = StageLatencies.Create();
        StageLatencies.Add(stages, fleet);
        return new RunSummary
        {
            Seed = seed,
            Robots = fleet.Loops.Count,
            SimSeconds = fleet.Now.Seconds,
            WallSeconds = wallSeconds,
            Cycles = fleet.Cycles,
            GoalsReached = fleet.GoalsReached,
            Collisions = fleet.Collisions,
            MissionsDone = 0,
            StateHash = JsonOutput.Hash(fleet.StateHash),
            LatencyUs = LatencyUs.Of(latency),
            AllocatedBytesPerCycle = fleet.AllocatedBytesPerCycle,
            EnergyJoules = fleet.EnergyJoules,
            Stages = StageLatencies.Rows(stages),
            PerRobot = fleet.Rows(present: false),
        };
    }

    /// <summary>Makes the table of robots.</summary>
    public static TableView Table(string title, IReadOnlyList<RobotRow> rows)
    {
        var c = CultureInfo.InvariantCulture;
        return new TableView(
            title,
            ["robot", "rung", ">period", ">events/s", ">p50 us", ">p99", ">max", ">goals", ">collisions"],
            [.. rows.Select(r => (IReadOnlyList<string>)
            [
                r.Robot, r.Rung, string.Create(c, $"{r.PeriodMs:0.0} ms"), r.EventsPerSecond.ToString("N0", c), r.LatencyUs.P50.ToString("0", c),
                r.LatencyUs.P99.ToString("0", c), r.LatencyUs.Max.ToString("0", c), r.GoalsReached.ToString(c), r.Collisions.ToString(c),
            ])]);
    }

    /// <summary>Makes the table of missions.</summary>
    public static TableView Table(IReadOnlyList<MissionRow> missions)
    {
        var c = CultureInfo.InvariantCulture;
        return new TableView(
            "",
            ["mission", "outcome", ">steps", ">seconds", ">decisions", ">fallbacks", ">not carried out", "why"],
            [.. missions.Select(m => (IReadOnlyList<string>)
            [
                m.Name, m.Outcome.ToString(), m.Steps.ToString(c), m.Seconds.ToString("0.0", c), m.Decisions.ToString(c), m.Fallbacks.ToString(c), m.NotCarriedOut.ToString(c), m.Detail,
            ])]);
    }

    /// <summary>Makes the table of a fleet's tasks.</summary>
    public static TableView Table(IReadOnlyList<FleetTaskRow> tasks)
    {
        var c = CultureInfo.InvariantCulture;
        return new TableView("", ["task", "what", "class", "robot", ">done at"], [.. tasks.Select(t => (IReadOnlyList<string>)[t.Task, t.Kind, t.Class.ToString(), t.By, string.Create(c, $"{t.Seconds:0.0} s")])]);
    }

    /// <summary>Returns one line about a fleet's tasks.</summary>
    public static string Line(FleetSummary fleet) => string.Create(
        CultureInfo.InvariantCulture,
        $"{fleet.TasksDone} of {fleet.Tasks} tasks done, {fleet.DoneTwice} twice, {fleet.GivenUp} given up; the last after {fleet.Makespan:0.0} s, {(fleet.Ratio is { } ratio ? $"{ratio:0.00} times " : "")}the {fleet.PlannedSeconds:0.0} s of a central plan on empty floor (no plan is below {fleet.LowerBound:0.0} s); {fleet.Link.Sent:N0} messages");

    /// <summary>Writes the summary for a person.</summary>
    public static void Write(Terminal terminal, RunSummary summary)
    {
        TableWriter.Write(terminal, Table(Headline(summary), summary.PerRobot));
        if (summary.Missions is { } missions) TableWriter.Write(terminal, Table(missions));
        if (summary.Fleet is { } fleet)
        {
            TableWriter.Write(terminal, Table(fleet.PerTask));
            terminal.Output.WriteLine(Line(fleet));
        }
        TableWriter.Write(terminal, StageLatencies.Table(summary.Stages));
        if (summary.MissionRate is { } rate) terminal.Output.WriteLine($"missions succeeded {Interval(rate)} of {rate.N}");
        if (summary is { SuccessRate: { } success, CollisionRate: { } collision, GoalRate: { } goals })
            terminal.Output.WriteLine($"goal reached and nothing touched {Interval(success)}, touched something {Interval(collision)} of {success.N} robot episodes; goals reached {Interval(goals)} of {goals.N}");
        terminal.Output.WriteLine(Footline(summary));
        if (summary.Recording is { } r)
            terminal.Output.WriteLine(r.ToString());
    }

    private static string Interval(Rate rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.Value * 100:0.0} % [{rate.Low * 100:0.0}, {rate.High * 100:0.0}]");

    /// <summary>Returns the line above the table.</summary>
    public static string Headline(RunSummary s) => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {s.Seed}: {s.SimSeconds:0.#} s simulated in {s.WallSeconds:0.0} s, {s.Cycles:N0} cycles, {s.GoalsReached} goals, {s.Collisions} collisions, {s.EnergyJoules:0.0} J");

    /// <summary>Returns the line below the table.</summary>
    public static string Footline(RunSummary s) => string.Create(
        CultureInfo.InvariantCulture, $"state hash {s.StateHash}, {s.AllocatedBytesPerCycle:0.##} bytes allocated per cycle");
}
