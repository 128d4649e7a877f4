using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Keys of the mission agent. It runs when the section is there.</summary>
public sealed class AgentSection
{
    /// <summary>The word for <see cref="Policy"/> that leaves the deciding to the planner.</summary>
    public const string Planner = "planner";

    /// <summary>Gets whether the agent runs.</summary>
    [Option("Whether the mission agent runs; without the section it does not.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Gets the loop that drives.</summary>
    [Option("Name of the loop that gets the goals. Its sensor is a SimulatedRover; the world is the room of the missions.", Required = true, IsName = true)]
    public string Loop { get; init; } = "";

    /// <summary>Gets what missions are about.</summary>
    [Option("What missions are about.")]
    public MissionFamily Family { get; init; } = MissionFamily.Mixed;

    /// <summary>Gets how large the site is.</summary>
    [Option("Size of the site: Small has 8 places and missions of at most 40 steps, Large 12 and 80.")]
    public MissionWorldSize Size { get; init; } = MissionWorldSize.Small;

    /// <summary>Gets how many missions are driven.</summary>
    [Option("How many missions are driven, one after the other, the first with the seed Robot:Seed; 0 = no end.", Min = 0, Max = 1_000_000)]
    public int Missions { get; init; }

    /// <summary>Gets what decides.</summary>
    [Option("What decides: a mission policy that ships, the path of one, or planner.", IsModel = true, OrWord = Planner)]
    public string Policy { get; init; } = MissionOptions.Shipped;

    /// <summary>Gets the folder of the policy store.</summary>
    [Option("Folder of a policy store (edge policy install), from the configuration file's folder on. Its current policy then decides instead of Policy, is watched, and is rolled back by itself.")]
    public string Store { get; init; } = "";

    /// <summary>Gets the keys whose signatures count.</summary>
    [Option("File of the public keys whose signatures count; needed with Store.", IsFile = true)]
    public string Keys { get; init; } = "";

    /// <summary>Gets the shortest time from one decision to the next.</summary>
    [Option("Shortest time from one decision to the next.", Min = 10, Max = 60_000)]
    public double PeriodMs { get; init; } = 1000;

    /// <summary>Gets the time for one decision.</summary>
    [Option("Time for one decision, re-asks and fallbacks included.", Min = 200, Max = 60_000)]
    public double DeadlineMs { get; init; } = 1500;

    /// <summary>Gets the time for one command.</summary>
    [Option("Time that the robot may take for one command.", Min = 1, Max = 3600)]
    public double StepLimitS { get; init; } = 600;

    /// <summary>Gets the language model.</summary>
    [Option("A language model that is asked first; the policy, then the planner stand behind it.")]
    public LanguageModelSection? LanguageModel { get; init; }
}
