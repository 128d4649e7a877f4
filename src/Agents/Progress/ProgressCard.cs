namespace EdgeAutonomy.Agents;

/// <summary>What a progress estimator is for and where it comes from.</summary>
public sealed record ProgressCard
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the attributor that was fitted, as bundles name it.</summary>
    public required string Attributor { get; init; }

    /// <summary>Gets the attributor's version, as bundles name it.</summary>
    public required string Version { get; init; }

    /// <summary>Gets the numbers of a mission's state.</summary>
    public required int State { get; init; }

    /// <summary>Gets the numbers of an event.</summary>
    public required int Event { get; init; }

    /// <summary>Gets the numbers of a candidate.</summary>
    public required int Candidate { get; init; }

    /// <summary>Gets the sha256 of the vocabulary's UTF-8 text, 64 hexadecimal digits.</summary>
    public required string VocabularyHash { get; init; }

    /// <summary>Gets the units of the hidden layers, behind each a tanh; 1 to 8 layers.</summary>
    public required IReadOnlyList<int> Hidden { get; init; }

    /// <summary>Gets the exact command that made it.</summary>
    public string Command { get; init; } = "";

    /// <summary>Gets the seed of its training.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets what came out, with its interval, in words.</summary>
    public string Result { get; init; } = "";
}
