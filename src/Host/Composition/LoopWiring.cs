using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Sensors;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>What surrounds loops beside their configuration: a world they share, a recorder, a recording to replay.</summary>
internal sealed record LoopWiring
{
    /// <summary>Nothing special: each loop for itself, not recorded.</summary>
    public static LoopWiring None { get; } = new();

    /// <summary>Gets the robot of a shared world for a loop; null = a world for each loop.</summary>
    public Func<string, (World World, int Robot)>? Robot { get; init; }

    /// <summary>Gets the mailboxes of the loops that take goals from elsewhere, by loop.</summary>
    public IReadOnlyDictionary<string, RoverPost> Posts { get; init; } = new Dictionary<string, RoverPost>();

    /// <summary>Gets the clock that all loops share, in lockstep; null = a clock for each loop.</summary>
    public IClock? Clock { get; init; }

    /// <summary>Gets how loops hand their cycles over; null = they do not.</summary>
    public LaneOptions? Lanes { get; init; }

    /// <summary>Gets more sinks for a loop.</summary>
    public IReadOnlyList<ICycleSink> Sinks { get; init; } = [];

    /// <summary>Gets the sensor of an event file that was opened already, with choices that no configuration has.</summary>
    public EventFileSensor? EventSensor { get; init; }

    /// <summary>Gets what is told, once per network, which engine runs it and what was left out; null = nobody.</summary>
    public Action<InferenceFinding>? Say { get; init; }

    /// <summary>Gets the recording that takes the place of sensors and actuators; null = they are real.</summary>
    public ReplayWiring? Replay { get; init; }
}
