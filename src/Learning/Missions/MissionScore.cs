namespace EdgeAutonomy.Learning;

/// <summary>How a policy did on a list of missions.</summary>
/// <remarks>Lists are in the order of the missions, so that two scores on the same list can be paired.</remarks>
public sealed class MissionScore
{
    /// <summary>Counts episodes.</summary>
    /// <param name="episodes">The episodes, at least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public MissionScore(IReadOnlyList<Trajectory> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        if (episodes.Count == 0) throw new ArgumentException("A score of 0 episodes; must be 1 or more.", nameof(episodes));
        Succeeded = [.. episodes.Select(e => e.Succeeded)];
        Lengths = [.. episodes.Select(e => e.Length)];
        foreach (var e in episodes) Grounded += e.Grounded.Count(true);
        Steps = Lengths.Sum(l => (long)l);
        MeanReturn = episodes.Average(e => (double)e.Return);
    }

    /// <summary>Gets which missions succeeded.</summary>
    public IReadOnlyList<bool> Succeeded { get; }

    /// <summary>Gets how many steps each took.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Gets all steps.</summary>
    public long Steps { get; }

    /// <summary>Gets the commands that could be carried out.</summary>
    public long Grounded { get; }

    /// <summary>Gets the mean return.</summary>
    public double MeanReturn { get; }

    /// <summary>Gets the share that succeeded, with Wilson's interval.</summary>
    public Interval Success => Interval.OfShare(Succeeded.Count(s => s), Succeeded.Count);

    /// <summary>Gets the share of commands that could be carried out.</summary>
    public double Grounding => (double)Grounded / Steps;

    /// <summary>Gets the mean number of steps.</summary>
    public double MeanLength => (double)Steps / Lengths.Count;

    /// <summary>Returns the share of missions that took as many steps as are allowed.</summary>
    /// <param name="limit">The step limit.</param>
    public double ShareAtLimit(int limit) => (double)Lengths.Count(l => l >= limit) / Lengths.Count;
}
