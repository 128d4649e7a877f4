namespace EdgeAutonomy.Learning;

/// <summary>Bounds of the seed sets.</summary>
public static class SeedSets
{
    /// <summary>Returns the first and the last seed of a set.</summary>
    /// <param name="set">The set.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such set.</exception>
    public static (uint First, uint Last) Bounds(this SeedSet set) => set switch
    {
        SeedSet.Any => (0, uint.MaxValue),
        SeedSet.Training => (1_000, 1_000_000),
        SeedSet.Validation => (100, 199),
        SeedSet.TestA => (0, 99),
        SeedSet.TestB => (200, 299),
        SeedSet.PublishedTraining => (0, 999),
        _ => throw new ArgumentOutOfRangeException(nameof(set), set, "The set of seeds must be one of SeedSet."),
    };
}
