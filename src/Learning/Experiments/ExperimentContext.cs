namespace EdgeAutonomy.Learning;

/// <summary>What an experiment or a training run gets from outside.</summary>
public sealed record ExperimentContext
{
    /// <summary>Gets the first seed; further ones follow on it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets how many seeds; at least 1.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Gets whether minutes are all there is: fewer seeds, less data, fewer epochs.</summary>
    public bool Quick { get; init; }

    /// <summary>Gets the folder of the real recordings; null where they are absent. An experiment that needs them says so in one sentence.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Gets the folder of the models that ship, for what is learned from one of them; null where there is none.</summary>
    public string? ModelFolder { get; init; }

    /// <summary>Gets what is told how far the work is, 0 … 1, and what is being done; called a few times per second at most.</summary>
    public Action<double, string> Progress { get; init; } = (_, _) => { };

    /// <summary>Gets what ends the work early.</summary>
    public CancellationToken Stop { get; init; }
}
