namespace EdgeAutonomy.Host;

/// <summary>The whole configuration of one robot's process.</summary>
public sealed class EdgeOptions
{
    /// <summary>Gets who the robot is.</summary>
    [Option("Who the robot is.")]
    public RobotSection Robot { get; init; } = new();

    /// <summary>Gets the clock of the loops.</summary>
    [Option("The clock that the loops wait on.")]
    public ClockSection Clock { get; init; } = new();

    /// <summary>Gets the real-time settings of the loop threads.</summary>
    [Option("Real-time settings of the loop threads.")]
    public RealTimeSection RealTime { get; init; } = new();

    /// <summary>Gets the watchdog's limits.</summary>
    [Option("When a loop counts as hung.")]
    public WatchdogSection Watchdog { get; init; } = new();

    /// <summary>Gets the loops, by name.</summary>
    [Option("The loops, by name; at least one.", Required = true)]
    public Dictionary<string, LoopSection> Loops { get; init; } = [];

    /// <summary>Gets the levels of the log, passed on to Microsoft.Extensions.Logging as they stand.</summary>
    [Option("Log levels, as Microsoft.Extensions.Logging reads them.")]
    public FreeSection? Logging { get; init; }

    /// <summary>Gets the recorder's settings.</summary>
    [Option("The recorder of cycles.")]
    public RecordingSection Recording { get; init; } = new();

    /// <summary>Gets the live view's settings.</summary>
    [Option("The live endpoint: page, health, metrics, Foxglove.")]
    public LiveSection? Live { get; init; }

    /// <summary>Gets the settings of ONNX Runtime.</summary>
    [Option("ONNX Runtime, for networks of type Network.")]
    public OnnxSection Onnx { get; init; } = new();

    /// <summary>Gets the mission agent's settings.</summary>
    [Option("The agent that carries out missions above a loop.")]
    public AgentSection? Agent { get; init; }

    /// <summary>Gets the robot's place in a fleet.</summary>
    [Option("The robot's place in a fleet over MQTT.")]
    public FleetSection? Fleet { get; init; }
}
