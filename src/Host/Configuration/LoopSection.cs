using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>One loop: its four stages, its period, its health.</summary>
public sealed class LoopSection
{
    /// <summary>Gets the period and who decides it.</summary>
    [Option("The period and who decides it.")]
    public PeriodSection Period { get; init; } = new();

    /// <summary>Gets what happens after an overrun.</summary>
    [Option("After an overrun: SkipSlots leaves missed deadlines out, CatchUp makes up for one.")]
    public OverrunPolicy OnOverrun { get; init; } = OverrunPolicy.SkipSlots;

    /// <summary>Gets how many cycles run before the actuator gets its first command.</summary>
    [Option("Cycles run with the actuator safe before the first command, so that the code is compiled by then.", Min = 0, Max = 100_000)]
    public int WarmUpCycles { get; init; } = 200;

    /// <summary>Gets the sensor.</summary>
    [Option("The sensor.", Required = true)]
    public SenseSection? Sense { get; init; }

    /// <summary>Gets the perceiver.</summary>
    [Option("The perceiver.", Required = true)]
    public PerceiveSection? Perceive { get; init; }

    /// <summary>Gets the policy.</summary>
    [Option("The policy.", Required = true)]
    public DecideSection? Decide { get; init; }

    /// <summary>Gets the actuator.</summary>
    [Option("The actuator.", Required = true)]
    public ActSection? Act { get; init; }

    /// <summary>Gets the health ladder's limits.</summary>
    [Option("Limits of the health ladder.")]
    public MonitorSection Monitor { get; init; } = new();

    /// <summary>Gets the bounds of every command.</summary>
    [Option("Bounds that no command may leave.")]
    public GuardSection Guard { get; init; } = new();

    /// <summary>Gets the faults to inject, for tests of the safety chain.</summary>
    [Option("Faults to inject on purpose, to try the safety chain; leave empty on a robot that works.")]
    public FaultSection[] Faults { get; init; } = [];
}
