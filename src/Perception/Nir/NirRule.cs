namespace EdgeAutonomy.Perception;

/// <summary>What a parameter of a node must be.</summary>
/// <param name="Name">The parameter.</param>
internal readonly record struct NirRule(string Name)
{
    /// <summary>Whether the node needs it.</summary>
    public bool IsRequired { get; init; } = true;

    public int MinRank { get; init; }

    public int MaxRank { get; init; } = int.MaxValue;

    public int MinCount { get; init; }

    public int MaxCount { get; init; } = int.MaxValue;

    /// <summary>The least value where numbers must be whole; null where any number will do.</summary>
    public int? Least { get; init; }

    /// <summary>Whether its shape is the population's.</summary>
    public bool IsPopulation { get; init; }

    /// <summary>Texts that may stand in place of numbers.</summary>
    public string[] Texts { get; init; } = [];

    public string RankText => MinRank == MaxRank ? $"rank {MinRank}" : MaxRank > 32 ? $"rank {MinRank} at least" : $"rank {MinRank} to {MaxRank}";

    public string CountText => MinCount == MaxCount ? $"{MinCount}" : $"{MinCount} to {MaxCount}";
}
