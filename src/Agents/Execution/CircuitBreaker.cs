namespace EdgeAutonomy.Agents;

/// <summary>Leaves a source alone for a while after failures in a row, then lets one trial through.</summary>
internal sealed class CircuitBreaker(int failures, TimeSpan pause, TimeProvider time)
{
    private int _inRow;
    private long? _openedAt;

    /// <summary>Gets whether questions may be put now: closed, or due for a trial.</summary>
    public bool IsPassable => _openedAt is not { } opened || time.GetElapsedTime(opened) >= pause;

    public void Succeed()
    {
        _inRow = 0;
        _openedAt = null;
    }

    public void Fail()
    {
        _inRow++;
        // A failed trial opens it again for the whole pause.
        if (_inRow >= failures) _openedAt = time.GetTimestamp();
    }
}
