namespace EdgeAutonomy.Agents;

/// <summary>Models in memory: for simulation, where the object outlives the robot that restarts.</summary>
public sealed class MemoryFederatedStore : IFederatedStore
{
    private readonly SortedDictionary<string, byte[]> _kept = new(StringComparer.Ordinal);

    /// <summary>Gets or sets whether writes fail, as on a full disk.</summary>
    public bool Refuses { get; set; }

    /// <summary>Gets how many contents were kept.</summary>
    public long Writes { get; private set; }

    /// <summary>Stands for a new disk.</summary>
    public void Lose() => _kept.Clear();

    /// <inheritdoc/>
    public bool TryPut(string name, ReadOnlySpan<byte> content)
    {
        if (Refuses) return false;
        _kept[name] = content.ToArray();
        Writes++;
        return true;
    }

    /// <inheritdoc/>
    public byte[]? Get(string name) => _kept.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Remove(string name) => _kept.Remove(name);
}
