namespace EdgeAutonomy.Agents;

/// <summary>What a candidate-scoring policy is for and where it comes from.</summary>
public sealed record CandidateCard
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the numbers of a mission's state.</summary>
    public required int State { get; init; }

    /// <summary>Gets the numbers of an event.</summary>
    public required int Event { get; init; }

    /// <summary>Gets the numbers of a candidate.</summary>
    public required int Candidate { get; init; }

    /// <summary>Gets the sha256 of the vocabulary's UTF-8 text, 64 hexadecimal digits.</summary>
    public required string VocabularyHash { get; init; }

    /// <summary>Gets the units of the encoder.</summary>
    public required int Encoder { get; init; }

    /// <summary>Gets the units of the memory.</summary>
    public required int Memory { get; init; }

    /// <summary>Gets the units of the scorer's first layer.</summary>
    public required int First { get; init; }

    /// <summary>Gets the units of the scorer's second layer.</summary>
    public required int Second { get; init; }

    /// <summary>Gets the exact command that made it.</summary>
    public string Command { get; init; } = "";

    /// <summary>Gets the seed of its training.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets what came out, with its interval, in words.</summary>
    public string Result { get; init; } = "";
}
