namespace EdgeAutonomy.Host;

/// <summary>One fault to inject.</summary>
public sealed class FaultSection
{
    /// <summary>Gets which stage fails.</summary>
    [Option("Which stage fails.", Required = true)]
    public StageRole Stage { get; init; }

    /// <summary>Gets how it fails.</summary>
    [Option("How it fails.", Required = true)]
    public FaultKind Kind { get; init; }

    /// <summary>Gets the first cycle it fails in.</summary>
    [Option("First cycle it fails in.", Min = 0, Max = 1e12)]
    public long FromCycle { get; init; }

    /// <summary>Gets how many cycles it fails.</summary>
    [Option("How many cycles it fails.", Min = 1, Max = 1e12)]
    public long Cycles { get; init; } = 1;

    /// <summary>Gets how much longer the call takes.</summary>
    [Option("Under Slow: how much longer the call takes.", Min = 0, Max = 60_000)]
    public double DelayMs { get; init; } = 10;
}

/// <summary>How an injected fault shows.</summary>
public enum FaultKind
{
    /// <summary>The stage reports a failure.</summary>
    Fail,

    /// <summary>The stage throws.</summary>
    Throw,

    /// <summary>The stage gives nothing new.</summary>
    Silent,

    /// <summary>The stage takes too long.</summary>
    Slow,

    /// <summary>The stage never returns.</summary>
    Hang,

    /// <summary>The policy's action depends on the machine's clock: what a replay must find.</summary>
    Chance,
}

/// <summary>The four stages of a loop.</summary>
public enum StageRole
{
    /// <summary>The sensor.</summary>
    Sense,

    /// <summary>The perceiver.</summary>
    Perceive,

    /// <summary>The policy.</summary>
    Decide,

    /// <summary>The actuator.</summary>
    Act,
}
