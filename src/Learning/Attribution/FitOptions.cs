namespace EdgeAutonomy.Learning;

/// <summary>How long an attributor learns.</summary>
/// <param name="Updates">Steps of the optimiser, 0 or more.</param>
/// <param name="Batch">Episodes per update, at least 1; drawn with replacement.</param>
/// <param name="Seed">The seed of the draws.</param>
public readonly record struct FitOptions(int Updates, int Batch, ulong Seed)
{
    /// <summary>Returns the settings for a first fit: 300 updates of 16 episodes (notes C.2, untuned).</summary>
    /// <param name="seed">The seed of the draws.</param>
    public static FitOptions First(ulong seed) => new(300, 16, seed);

    /// <summary>Returns the settings for keeping up with a policy that learns: 40 updates of 8 episodes per iteration (notes C.2, untuned).</summary>
    /// <param name="seed">The seed of the draws.</param>
    public static FitOptions Refresh(ulong seed) => new(40, 8, seed);

    internal void Check(IReadOnlyList<Trajectory> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Updates < 0 || Batch < 1) throw new ArgumentOutOfRangeException(nameof(data), $"Fit of an attributor: Updates is {Updates}, Batch {Batch}; must be 0 or more and 1 or more.");
        if (data.Count == 0) throw new ArgumentException("Fit of an attributor: there are no episodes; give one or more.", nameof(data));
        for (int i = 0; i < data.Count; i++)
        {
            if (data[i].Length == 0) throw new ArgumentException($"Fit of an attributor: episode {i} has no steps; must have 1 or more.", nameof(data));
        }
    }
}
