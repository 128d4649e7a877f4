namespace EdgeAutonomy.Agents;

/// <summary>Missions of several sets in turn: number n is mission n / k of set n mod k.</summary>
/// <remarks>Thread-safe where the sets are. All must have one shape.</remarks>
public sealed class MissionMixture : IMissionSet
{
    private readonly IReadOnlyList<IMissionSet> _sets;

    /// <summary>Mixes sets.</summary>
    /// <param name="name">The name for reports.</param>
    /// <param name="sets">The sets, at least one.</param>
    /// <exception cref="ArgumentException">There is none, or they have different shapes.</exception>
    public MissionMixture(string name, params IReadOnlyList<IMissionSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0) throw new ArgumentException($"Missions '{name}': 0 sets are given; must be 1 or more.", nameof(sets));
        if (sets.FirstOrDefault(s => s.Shape != sets[0].Shape) is { } other) throw new ArgumentException($"Missions '{name}': '{other.Name}' has another shape than '{sets[0].Name}'; all must have one.", nameof(sets));
        (Name, _sets) = (name, sets);
        Count = (int)Math.Min(int.MaxValue, sets.Min(s => (long)s.Count) * sets.Count);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public MissionShape Shape => _sets[0].Shape;

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public bool IsHeldOut(int number) => _sets[number % _sets.Count].IsHeldOut(number / _sets.Count);

    /// <inheritdoc/>
    public IMission Start(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return _sets[number % _sets.Count].Start(number / _sets.Count);
    }
}
