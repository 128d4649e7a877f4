using System.CommandLine;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>What <c>demo --missions</c> and <c>sim --missions</c> let a user choose about missions.</summary>
internal sealed record MissionOptions
{
    /// <summary>The agent without a policy.</summary>
    public const string Planner = "planner";

    /// <summary>The trained policy that drives where it ships.</summary>
    public const string Shipped = "mission";

    /// <summary>The most robots that the room of missions has space for.</summary>
    public const int MaxRobots = 4;

    /// <summary>The seconds that a run with missions takes where nobody says.</summary>
    public const double StandardSeconds = 180;

    private static readonly Option<bool> MissionsOption = new("--missions") { Description = "Robots carry out missions of the step-by-step agent in a room of their own; several (up to 4) share them out among themselves." };
    private static readonly Option<MissionFamily?> FamilyOption = VerbOption.Choice<MissionFamily>("--family", "With --missions: what they are about; default Mixed.");
    private static readonly Option<MissionWorldSize?> SizeOption = VerbOption.Choice<MissionWorldSize>("--size", "With --missions: Small (8 places, 40 steps; default) or Large (12 places, 80 steps).");
    private static readonly Option<string?> AgentOption = VerbOption.Text("--agent", "name|file", "With --missions: the trained policy that decides, by name or as a file, or planner; default mission where that ships, else planner.");

    /// <summary>Gets what missions are about.</summary>
    public MissionFamily Family { get; init; } = MissionFamily.Mixed;

    /// <summary>Gets how large the site is.</summary>
    public MissionWorldOptions World { get; init; } = new();

    /// <summary>Gets the trained policy, a name that ships or a path; null = the planner decides.</summary>
    public string? Agent { get; init; }

    /// <summary>Gets how many missions are driven at most.</summary>
    public int MaxMissions { get; init; } = int.MaxValue;

    /// <summary>Gets what decides instead of <see cref="Agent"/>; null = that.</summary>
    public PolicyLine? Line { get; init; }

    /// <summary>Gets how patient the robot is.</summary>
    public MissionBodyOptions Body { get; init; } = new();

    /// <summary>Adds the options to a verb.</summary>
    public static void AddTo(Command verb)
    {
        verb.Add(MissionsOption);
        verb.Add(FamilyOption);
        verb.Add(SizeOption);
        verb.Add(AgentOption);
    }

    /// <summary>Reads them.</summary>
    /// <param name="parse">The options.</param>
    /// <param name="robots">How many robots are asked for.</param>
    /// <returns>Null where no missions are asked for.</returns>
    /// <exception cref="EdgeException">The options contradict each other, or there is no such policy.</exception>
    public static MissionOptions? Read(ParseResult parse, int robots)
    {
        if (!parse.GetValue(MissionsOption))
        {
            foreach (Option option in (Option[])[FamilyOption, SizeOption, AgentOption])
            {
                if (parse.GetResult(option) is { Implicit: false }) throw new EdgeException(ExitCode.Usage, $"{option.Name} is given without --missions; add --missions, or leave it out.");
            }
            return null;
        }
        if (robots > MaxRobots) throw new EdgeException(ExitCode.Usage, $"--robots is {robots} with --missions; must be at most {MaxRobots}, for whom the room of missions has space.");
        if (parse.GetValue<string?>("--scenario") is { } scenario) throw new EdgeException(ExitCode.Usage, $"--scenario is '{scenario}' with --missions; leave it out: a mission brings its own room.");
        return new MissionOptions
        {
            Family = parse.GetValue(FamilyOption) ?? MissionFamily.Mixed,
            World = new MissionWorldOptions(parse.GetValue(SizeOption) ?? MissionWorldSize.Small),
            Agent = AgentOf(parse.GetValue(AgentOption)),
        };
    }

    /// <summary>Makes the first mission and its room.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="robots">How many robots.</param>
    public MissionSite Site(ulong seed, int robots = 1) => new(MissionGenerator.Generate(seed, Family, World), seed, robots);

    private static string? AgentOf(string? text) => text switch
    {
        null => ModelFiles.TryFindAgent(Shipped),
        Planner => null,
        _ => ModelFiles.Find(text),
    };
}
