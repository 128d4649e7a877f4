using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>What a service's agent needs before the loops are built: the room, the mailboxes, and where its decisions go.</summary>
internal sealed class AgentPost : IDisposable
{
    private readonly MeterReader _reader;

    private AgentPost(EdgeOptions options, AgentSection section)
    {
        Section = section;
        Options = new MissionOptions { Family = section.Family, World = new MissionWorldOptions(section.Size), MaxMissions = section.Missions > 0 ? section.Missions : int.MaxValue };
        Site = Options.Site(options.Robot.Seed);
        _reader = new MeterReader(Metrics.Meter);
    }

    /// <summary>Gets the section.</summary>
    public AgentSection Section { get; }

    /// <summary>Gets what is driven.</summary>
    public MissionOptions Options { get; }

    /// <summary>Gets the room.</summary>
    public MissionSite Site { get; }

    /// <summary>Gets the mailboxes between agent and loop.</summary>
    public RoverPost Post { get; } = new();

    /// <summary>Gets what the agent counts.</summary>
    public AgentMetrics Metrics { get; } = new();

    /// <summary>Gets the same for /metrics.</summary>
    public IReadOnlyList<Metric> Shown => _reader.Metrics;

    /// <summary>Gets where decisions go for the recording and the page.</summary>
    public JsonLane Lane { get; } = new(RecordedTopic.Decisions[1..], RecordFullPolicy.DropAndMark);

    /// <summary>Makes it for a configuration; null where no agent runs.</summary>
    public static AgentPost? Of(EdgeOptions options) => options.Agent is { Enabled: true } section ? new AgentPost(options, section) : null;

    /// <summary>Adds room and mailboxes to what surrounds the loops.</summary>
    public LoopWiring Wire(LoopWiring wiring, EdgeOptions options) => wiring with
    {
        Robot = name => name == Section.Loop ? (new World(Site.Scenario), 0) : (new World(LoopFactory.Scenario((SimulatedRoverSense)options.Loops[name].Sense!, options.Robot.Seed, 1)), 0),
        Posts = new Dictionary<string, RoverPost> { [Section.Loop] = Post },
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        Metrics.Dispose();
    }
}
