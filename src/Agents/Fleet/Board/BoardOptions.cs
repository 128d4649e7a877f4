namespace EdgeAutonomy.Agents;

/// <summary>How a board tells of its tasks.</summary>
public sealed record BoardOptions
{
    /// <summary>Gets how often every task that is to be done is told again, because brokers lose what they kept; default 10 s.</summary>
    public Duration RepeatOpen { get; init; } = new(10_000_000_000);

    /// <summary>Gets how often every finished task is told again; default 30 s.</summary>
    public Duration RepeatFinished { get; init; } = new(30_000_000_000);

    /// <summary>Gets for how long a finished task is told; default 24 h. Its record is dropped then.</summary>
    public Duration TombstoneFor { get; init; } = new(86_400_000_000_000);

    /// <summary>Gets how long after a commit the robot's "done" may take, before it counts as vanished in the act; default 60 s.</summary>
    public Duration LossAfter { get; init; } = new(60_000_000_000);

    /// <summary>Gets the most tasks; default 4096.</summary>
    public int Capacity { get; init; } = 4096;
}
