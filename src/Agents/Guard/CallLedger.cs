namespace EdgeAutonomy.Agents;

/// <summary>Remembers, within one mission, what was refused and what was carried out from which state.</summary>
/// <remarks>Its size is bounded by the mission's steps. Looked up only, never enumerated, so the order of the tables does not matter.</remarks>
internal sealed class CallLedger
{
    private readonly Dictionary<(ulong State, string Text), int> _approved = [];
    private readonly Dictionary<string, int> _refused = new(StringComparer.Ordinal);
    private ulong _world;
    private long? _lastApproval;

    public void Clear()
    {
        _approved.Clear();
        _refused.Clear();
        _lastApproval = null;
    }

    /// <summary>Counts a refusal and returns how often this command was refused since the world last changed, this time included.</summary>
    public int Refuse(string text, ulong world)
    {
        if (world != _world) _refused.Clear();
        _world = world;
        // A model that invents new words for ever must not fill the memory; what is forgotten is only a count.
        if (_refused.Count >= 64) _refused.Clear();
        return _refused[text] = _refused.GetValueOrDefault(text) + 1;
    }

    public int Approvals(ulong state, string text) => _approved.GetValueOrDefault((state, text));

    public bool IsTooSoon(TimeProvider time, TimeSpan spacing) => _lastApproval is { } last && time.GetElapsedTime(last) < spacing;

    public void Approve(ulong state, string text, TimeProvider time)
    {
        _approved[(state, text)] = Approvals(state, text) + 1;
        _lastApproval = time.GetTimestamp();
    }
}
