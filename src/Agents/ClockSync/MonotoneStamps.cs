namespace EdgeAutonomy.Agents;

/// <summary>Gives the wall times that messages carry: never earlier than the one before, even when the wall clock is set back.</summary>
public sealed class MonotoneStamps
{
    private static readonly Duration Least = Duration.FromMilliseconds(1);

    private Stamp _last = Stamp.Never;

    /// <summary>Returns the wall time, or a millisecond after the last one given if that is later.</summary>
    public Stamp Next(Stamp wall) => _last = Stamp.Max(wall, _last + Least);
}
