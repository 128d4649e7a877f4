namespace EdgeAutonomy.Agents;

/// <summary>Promises in memory: for simulation, where the object outlives the robot that restarts, and for fleets of one process. It can lose its disk.</summary>
public sealed class MemoryPromiseStore : IPromiseStore
{
    private readonly SortedDictionary<string, Promise> _kept = new(StringComparer.Ordinal);
    private bool _refuse;

    /// <inheritdoc/>
    public bool IsFresh { get; private set; } = true;

    /// <inheritdoc/>
    public int Count => _kept.Count;

    /// <inheritdoc/>
    public long Failures { get; private set; }

    /// <summary>Gets how many promises were written; a crash can be put behind any of them.</summary>
    public long Writes { get; private set; }

    /// <summary>Stands for a restart with the disk intact.</summary>
    public void Reopen() => IsFresh = _kept.Count == 0;

    /// <summary>Stands for a new disk.</summary>
    public void Lose()
    {
        _kept.Clear();
        IsFresh = true;
    }

    /// <summary>Lets every write fail, as on a full disk, or succeed again.</summary>
    public void Refuse(bool refuse) => _refuse = refuse;

    /// <inheritdoc/>
    public bool TryGet(string key, out Promise promise) => _kept.TryGetValue(key, out promise);

    /// <inheritdoc/>
    public bool TryPut(string key, Promise promise)
    {
        if (_refuse || (_kept.Count >= IPromiseStore.Capacity && !_kept.ContainsKey(key)))
        {
            Failures++;
            return false;
        }
        _kept[key] = promise;
        Writes++;
        return true;
    }

    /// <inheritdoc/>
    public void Remove(string key) => _kept.Remove(key);

    /// <inheritdoc/>
    public IReadOnlyList<string> Keys(string prefix) => PromiseKeys.Select(_kept, prefix);
}
