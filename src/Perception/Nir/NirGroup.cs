namespace EdgeAutonomy.Perception;

/// <summary>Named values in a NIR file; metadata may nest.</summary>
/// <param name="values">The values by name.</param>
public sealed class NirGroup(IReadOnlyDictionary<string, NirValue> values) : NirValue
{
    /// <summary>Gets a group without values.</summary>
    public static NirGroup Empty { get; } = new(new Dictionary<string, NirValue>());

    /// <summary>Gets the values by name.</summary>
    public IReadOnlyDictionary<string, NirValue> Values { get; } = values;

    /// <summary>Gets a value.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Null where there is none.</returns>
    public NirValue? this[string name] => Values.GetValueOrDefault(name);

    /// <summary>Makes a group that has one value more, or another value under a name.</summary>
    public NirGroup With(string name, NirValue value) => new(new Dictionary<string, NirValue>(Values) { [name] = value });

    /// <inheritdoc/>
    public override bool Equals(NirValue? other) => other is NirGroup g && g.Values.Count == Values.Count && Values.All(v => v.Value.Equals(g[v.Key]));

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Count;
}
