namespace EdgeAutonomy.Perception;

/// <summary>Chooses between walking over spikes and over all inputs, from the number of spikes and stored costs; a replay chooses the same.</summary>
internal sealed class PathSwitch
{
    // A layer that hovers at the break-even point stays with what it does.
    private const double Hysteresis = 0.1;

    private readonly int _denseFrom, _sparseBelow;
    private bool _isDense;

    /// <summary>Makes a switch.</summary>
    /// <param name="path">What the options ask for.</param>
    /// <param name="inputs">The layer's inputs.</param>
    /// <param name="breakEven">The share of active inputs at which both cost the same; above 1 = the sparse path always wins.</param>
    internal PathSwitch(SpikingPath path, int inputs, double breakEven)
    {
        if (path == SpikingPath.Auto)
        {
            _denseFrom = (int)Math.Min(int.MaxValue, Math.Ceiling(inputs * breakEven * (1 + Hysteresis)));
            _sparseBelow = (int)Math.Min(int.MaxValue, Math.Floor(inputs * breakEven * (1 - Hysteresis)));
        }
        else (_denseFrom, _sparseBelow) = path == SpikingPath.Dense ? (0, -1) : (int.MaxValue, int.MaxValue);
    }

    internal bool IsDense(int active)
    {
        if (active >= _denseFrom) _isDense = true;
        else if (active < _sparseBelow) _isDense = false;
        return _isDense;
    }

    internal void Reset() => _isDense = false;

    internal void Freeze(ref StateWriter writer) => writer.Write(_isDense);

    internal void Thaw(ref StateReader reader) => _isDense = reader.ReadBoolean();
}
