using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>One robot of <c>edge fleet</c> in a process of its own; started by it.</summary>
internal sealed class FleetRobotVerb : Verb
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly Option<string> _plan = new("--plan") { HelpName = "file", Description = "The run, as edge fleet has written it.", Required = true };
    private readonly Option<int> _index = VerbOption.Number("--index", "Which robot, from 0.", 0, 0, Simulation.YardScenario.MaxRobots - 1);

    /// <summary>Makes the verb.</summary>
    public FleetRobotVerb()
        : base("fleet-robot", "One robot of `edge fleet --processes`, which starts it.", "edge fleet-robot --plan plan.json --index 0")
    {
        Hidden = true;
        Add(_plan);
        Add(_index);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        var plan = FleetPlan.Read(parse.GetValue(_plan)!);
        int index = parse.GetValue(_index);
        if (index >= plan.Robots) throw new EdgeException(ExitCode.Usage, $"--index is {index}; the plan has robots 0 to {plan.Robots - 1}.");
        using var robot = new FleetRobot(plan, index, terminal.Say);
        while (!signals.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(1)))
        {
            // Whoever started it was killed: a robot of a run must not outlive it.
            if (robot.WorldSilence > LongestSilence) throw new EdgeException(ExitCode.Stalled, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Nothing was heard of the run for {LongestSilence.TotalSeconds:0} s; the robot ends."));
        }
        return ExitCode.Ok;
    }
}
