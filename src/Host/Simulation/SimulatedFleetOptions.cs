using System.CommandLine;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>What <c>demo</c> and <c>sim</c> let a user choose about the robots and their world.</summary>
internal sealed record SimulatedFleetOptions
{
    private const string Rules = "rules";

    private static readonly Option<string?> ScenarioOption = VerbOption.Text("--scenario", "name|file", "Built-in scenario (default, corridor, crowd, empty, gate) or a scenario file in JSON.");
    private static readonly Option<string?> PacerOption = VerbOption.Text("--pacer", "name", "With --policy rules, what picks the period: event-rate (default), error-controlled, learned, or fixed:MS with 1, 2, 4, 8, 16 or 32 ms.");
    private static readonly Option<string?> PolicyOption = VerbOption.Text("--policy", "name|file", "What drives: rover (default), the trained policy that chooses motion and period together; rules, which also back it up; or a policy file. --pacer means rules.");
    private static readonly Option<bool> NoRangeOption = new("--no-range") { Description = "Without range scanner: the event camera alone sees obstacles." };

    private static readonly Option<string?> PerceptionOption = VerbOption.Text("--perception", "name", "How events become ranges: spiking (default), the trained motion network beside a search for ranges, or dotie, the search alone.");
    private static readonly Option<string?> ModelOption = VerbOption.Text("--model", "name|file", "With --perception spiking: the trained motion network; default motion, which ships.");

    /// <summary>Gets the scenario's name or file.</summary>
    public string Scenario { get; init; } = "default";

    /// <summary>Gets how many robots.</summary>
    public int Robots { get; init; } = 1;

    /// <summary>Gets whether robots have a range scanner.</summary>
    public bool Ranging { get; init; } = true;

    /// <summary>Gets the room of a mission, which goes before the scenario; null = none.</summary>
    public MissionSite? Site { get; init; }

    /// <summary>Gets how many tasks the robots share out among themselves; 0 = the world sends each from station to station.</summary>
    public int Tasks { get; init; }

    /// <summary>Gets what picks the period.</summary>
    public PacerChoice Pacer { get; init; } = PacerChoice.Own;

    /// <summary>Gets the trained policy that drives, a name that ships or a full path; null = the rules.</summary>
    public string? Policy { get; init; } = "rover";

    /// <summary>Gets how events become ranges.</summary>
    public PerceptionKind Perception { get; init; } = PerceptionKind.Spiking;

    /// <summary>Gets the trained motion network: a name that ships or a full path.</summary>
    public string Model { get; init; } = "motion";

    /// <summary>Adds the options to a verb.</summary>
    public static void AddTo(Command verb)
    {
        verb.Add(ScenarioOption);
        verb.Add(PolicyOption);
        verb.Add(PacerOption);
        verb.Add(NoRangeOption);
        verb.Add(PerceptionOption);
        verb.Add(ModelOption);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="EdgeException">The pacer or the perception is not known, or there is no such model.</exception>
    public static SimulatedFleetOptions Read(ParseResult parse, int robots)
    {
        string? pacer = parse.GetValue(PacerOption), policy = parse.GetValue(PolicyOption) ?? (pacer is null ? "rover" : Rules);
        if (pacer is not null && policy != Rules) throw new EdgeException(ExitCode.Usage, $"--pacer is '{pacer}' and --policy is '{policy}': a trained policy picks its period itself; leave one of them out.");
        return Read(parse, robots, policy == Rules ? null : ModelFiles.Names.Contains(policy) ? policy : ModelFiles.Find(policy), pacer);
    }

    private static SimulatedFleetOptions Read(ParseResult parse, int robots, string? policy, string? pacer) => new()
    {
        Policy = policy,
        Scenario = parse.GetValue(ScenarioOption) ?? "default",
        Robots = robots,
        Ranging = !parse.GetValue(NoRangeOption),
        Pacer = policy is null ? PacerChoice.Parse(pacer) : PacerChoice.Own,
        Perception = Kind(parse.GetValue(PerceptionOption)),
        Model = parse.GetValue(ModelOption) is { } model ? ModelFiles.Names.Contains(model) ? model : ModelFiles.Find(model) : "motion",
    };

    /// <summary>Makes the scenario for a seed.</summary>
    /// <exception cref="EdgeException">There is no such scenario or file, or the file has errors.</exception>
    public Scenario Create(ulong seed) => Tasks > 0 ? Room(seed) with { AutoGoals = false } : Room(seed);

    private Scenario Room(ulong seed)
    {
        if (Site is { } site) return site.Scenario;
        if (ScenarioCatalog.Names.Contains(Scenario)) return ScenarioCatalog.Create(Scenario, seed, Robots);
        if (!File.Exists(Scenario))
        {
            string? near = NearestName.Of(Scenario, ScenarioCatalog.Names);
            throw new EdgeException(
                ExitCode.Usage,
                $"--scenario is '{Scenario}'; must be one of {string.Join(", ", ScenarioCatalog.Names)}, or a file that exists.{(near is null ? "" : $" Did you mean '{near}'?")}");
        }
        try
        {
            return ScenarioFile.Load(Scenario) with { Seed = seed };
        }
        catch (ScenarioException error)
        {
            throw new EdgeException(ExitCode.Configuration, error.Message);
        }
    }

    /// <summary>Returns the configuration that a service with these robots would have.</summary>
    /// <param name="world">The world, for the robots' names and sizes.</param>
    /// <param name="seed">Seed of the world and of every loop.</param>
    public EdgeOptions Configure(World world, ulong seed) => new()
    {
        Robot = new RobotSection { Id = "fleet", Seed = seed },
        Clock = new ClockSection { Mode = ClockMode.Sim },
        Loops = world.Robots.ToDictionary(r => r.Name, r => new LoopSection
        {
            Period = Pacer.Section,
            WarmUpCycles = 0,
            Sense = new SimulatedRoverSense
            {
                Type = "SimulatedRover",
                Scenario = IsFile ? "default" : Scenario,
                ScenarioFile = IsFile ? Path.GetFullPath(Scenario) : "",
                Ranging = Ranging,
            },
            Perceive = new RoverPerceive { Type = "Rover", Perception = Perception, Model = Model },
            Decide = Policy is null
                ? new GoToGoalDecide { Type = "GoToGoal", MaxSpeedMps = 1, RobotRadiusM = r.Radius }
                : new JointDecide { Type = "Joint", Policy = Policy, MaxSpeedMps = 1, RobotRadiusM = r.Radius },
            Act = new SimulatedRoverAct { Type = "SimulatedRover" },
        }),
    };

    private static PerceptionKind Kind(string? text)
    {
        if (text is null) return PerceptionKind.Spiking;
        string[] names = ["spiking", "dotie"];
        if (Array.IndexOf(names, text) is >= 0 and var i) return (PerceptionKind)i;
        string? near = NearestName.Of(text, names);
        throw new EdgeException(ExitCode.Usage, $"--perception is '{text}'; must be {string.Join(" or ", names)}.{(near is null ? "" : $" Did you mean '{near}'?")}");
    }

    private bool IsFile => !ScenarioCatalog.Names.Contains(Scenario);
}
