using EdgeAutonomy.Recording;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>What a robot's place in a fleet needs before the loops are built: the mailboxes, and where the page hears of it.</summary>
internal sealed class FleetPost
{
    private FleetPost(FleetSection section) => Section = section;

    /// <summary>Gets the section.</summary>
    public FleetSection Section { get; }

    /// <summary>Gets the mailboxes between fleet and loop.</summary>
    public RoverPost Post { get; } = new();

    /// <summary>Gets the radius of the robot's body in metres, once the loops are wired.</summary>
    public double Radius { get; private set; }

    /// <summary>Gets where the page and the recording hear how the fleet stands.</summary>
    public JsonLane Lane { get; } = new(RecordedTopic.Fleet[1..], RecordFullPolicy.DropAndMark);

    /// <summary>Makes it for a configuration; null where no fleet is.</summary>
    public static FleetPost? Of(EdgeOptions options) => options.Fleet is { Enabled: true } section ? new FleetPost(section) : null;

    /// <summary>Returns the scenario of the fleet's loop: as configured, but nobody else sends the robot anywhere.</summary>
    public Scenario Scenario(EdgeOptions options) => LoopFactory.Scenario((SimulatedRoverSense)options.Loops[Section.Loop].Sense!, options.Robot.Seed, 1) with { AutoGoals = false };

    /// <summary>Adds mailboxes and world to what surrounds the loops.</summary>
    public LoopWiring Wire(LoopWiring wiring, EdgeOptions options)
    {
        var scenario = Scenario(options);
        Radius = scenario.Rover.Radius;
        return wiring with
        {
            Robot = name => (new World(name == Section.Loop ? scenario : LoopFactory.Scenario((SimulatedRoverSense)options.Loops[name].Sense!, options.Robot.Seed, 1)), 0),
            Posts = new Dictionary<string, RoverPost> { [Section.Loop] = Post },
        };
    }
}
