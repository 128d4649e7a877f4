using System.CommandLine;
using System.CommandLine.Help;

namespace EdgeAutonomy.Host;

/// <summary>The program: its verbs, and what becomes of their errors.</summary>
internal static class EdgeProgram
{
    /// <summary>Parses a command line, runs its verb, and returns the exit code. Never throws.</summary>
    /// <param name="arguments">The command line without the program's name.</param>
    /// <param name="terminal">Where results, progress and errors go.</param>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        // Known before parsing, so that even a wrong command line is answered in JSON.
        terminal.Json = arguments.Contains("--json");
        try
        {
            var configuration = new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            var root = Root(terminal);
            if (arguments.Count == 0)
            {
                root.Parse(["--help"]).Invoke(configuration);
                return (int)ExitCode.Usage;
            }
            var parse = root.Parse(arguments);
            bool helpWanted = arguments.Any(a => a is "--help" or "-h" or "-?" or "--version");
            if (parse.Errors.Count > 0 && !helpWanted)
            {
                string message = UnknownVerb(parse) ?? string.Join(" ", parse.Errors.Select(e => e.Message).Distinct());
                string command = parse.CommandResult.Command is RootCommand ? "edge" : "edge " + Path(parse.CommandResult.Command);
                return Report(new Failure(ExitCode.Usage, $"{message} See '{command} --help'."), terminal);
            }
            return parse.Invoke(configuration);
        }
        catch (Exception exception)
        {
            return Report(Failure.From(exception), terminal);
        }
    }

    /// <summary>Makes the whole command tree.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("A runtime for robots on edge boards: sensing-to-action loops with event cameras, spiking perception and a period that is a decision. The script ./edge adds setup, build, test and format.");
        var help = root.Options.OfType<HelpOption>().Single();
        Attach(root, new DemoVerb());
        Attach(root, new FleetVerb());
        Attach(root, new FleetRobotVerb());
        Attach(root, new BoardVerb());
        Attach(root, new RunVerb());
        Attach(root, new SimVerb());
        Attach(root, new ReplayVerb());
        Attach(root, new DiffVerb());
        var events = new Command("events", "Event-file tools.");
        Attach(events, new EventsInfoVerb());
        Attach(events, new EventsViewVerb());
        root.Add(events);
        var policy = new Command("policy", "Mission policies as signed bundles: make, install, gate, promote, roll back.");
        Attach(policy, new PolicyKeygenVerb());
        Attach(policy, new PolicyPackVerb());
        Attach(policy, new PolicyInstallVerb());
        Attach(policy, new PolicyListVerb());
        Attach(policy, new PolicyGateVerb());
        Attach(policy, new PolicyPromoteVerb());
        Attach(policy, new PolicyRollbackVerb());
        root.Add(policy);
        Attach(root, new TrainVerb());
        Attach(root, new EvalVerb());
        Attach(root, new ReproduceVerb());
        Attach(root, new BenchVerb());
        Attach(root, new ValidateVerb());
        Attach(root, new DoctorVerb());
        Attach(root, new TopVerb());
        Attach(root, new MotorVerb());
        return root;

        void Attach(Command parent, Verb verb)
        {
            verb.ShowExamplesAfter(help);
            verb.SetAction(parse =>
            {
                try
                {
                    return (int)verb.Run(parse, terminal);
                }
                catch (Exception exception)
                {
                    return Report(Failure.From(exception), terminal);
                }
            });
            parent.Add(verb);
        }
    }

    private static string? UnknownVerb(ParseResult parse)
    {
        var at = parse.CommandResult.Command;
        if (at.Subcommands.Count == 0 || parse.UnmatchedTokens is not [{ } given, ..] || given.StartsWith('-')) return null;
        string? near = NearestName.Of(given, at.Subcommands.Select(c => c.Name));
        return $"'{given}' is not a verb of '{(at is RootCommand ? "edge" : at.Name)}'" + (near is null ? "." : $"; did you mean '{near}'?");
    }

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault(p => p is not RootCommand) is { } parent ? $"{parent.Name} {command.Name}" : command.Name;

    private static int Report(Failure failure, Terminal terminal)
    {
        terminal.Error.WriteLine("edge: " + failure.Message);
        if (failure.Detail is not null) terminal.Error.WriteLine(failure.Detail);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(new { Error = new { Code = (int)failure.Code, failure.Message } }));
        return (int)failure.Code;
    }
}
