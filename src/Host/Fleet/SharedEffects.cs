using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Effects of a fleet in one process; counts how often each task was done.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SharedEffects : ITaskEffects
{
    private readonly FencingGate _gate = new();
    private readonly SortedDictionary<string, int> _times = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _exclusiveTwice;

    /// <summary>Gets how many exclusive tasks were done more than once; must be 0.</summary>
    public int DoneTwice
    {
        get
        {
            lock (_lock) return _exclusiveTwice;
        }
    }

    /// <inheritdoc/>
    public bool TryDo(string task, ulong token)
    {
        lock (_lock)
        {
            if (token != 0 && !_gate.Admit(task, token)) return false;
            int times = _times[task] = _times.GetValueOrDefault(task) + 1;
            if (token != 0 && times == 2) _exclusiveTwice++;
            return true;
        }
    }

    /// <inheritdoc/>
    public bool WasDone(string task)
    {
        lock (_lock) return _times.ContainsKey(task);
    }
}
