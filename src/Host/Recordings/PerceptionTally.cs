using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Adds up what a perception loop saw. Loop thread; allocates nothing.</summary>
internal sealed class PerceptionTally : ICycleSink
{
    private readonly PixelBox[] _boxes = new PixelBox[32];
    private readonly SectorEstimate[] _sectors = new SectorEstimate[360];
    private int _sectorCount;
    private int _boxCount;
    private long _shown = -1;

    /// <summary>Gets the sums over the events that reached the loop.</summary>
    public EventFileStatistics Events { get; } = new();

    /// <summary>Gets the boxes about fast things, over all cycles.</summary>
    public long Boxes { get; private set; }

    /// <summary>Gets the sector estimates with a finite time to contact, over all cycles.</summary>
    public long Sectors { get; private set; }

    /// <summary>Returns the newest percept with a box in it, or the newest one when none had a box. Allocates; not for the loop thread.</summary>
    public PerceptView? Shown() => _shown < 0 ? null : new PerceptView(
        _shown,
        [.. _boxes[.._boxCount].Select(b => new PerceptView.Box(b.Left, b.Top, b.Right, b.Bottom, b.Pixels))],
        [.. _sectors.Take(_sectorCount).Select(s => new PerceptView.Sector(
            Math.Round(s.Bearing * (180 / Math.PI), 2), float.IsFinite(s.TimeToContact) ? Math.Round(s.TimeToContact, 3) : null, Math.Round(s.Confidence, 3), Math.Round(s.EventRate)))]);

    /// <inheritdoc/>
    public void OnCycle(Cycle cycle)
    {
        // Without a new sample the old one still stands in the cycle; it must not count twice.
        if (!cycle.Statuses[0].HasOutput) return;
        var typed = (TypedCycle<EventPacket, Percept, Twist2>)cycle;
        Events.Add(typed.Sample.Events);
        if (!cycle.Statuses[1].HasOutput) return;
        Boxes += typed.Percept.BoxCount + typed.Percept.BoxesDropped;
        foreach (ref readonly var sector in typed.Percept.Sectors.AsSpan())
        {
            if (float.IsFinite(sector.TimeToContact) && sector.Confidence > 0) Sectors++;
        }
        Keep(typed.Percept, typed.Sample.EndUs);
    }

    private void Keep(Percept percept, long timeUs)
    {
        if (percept.BoxCount == 0 && _boxCount > 0) return;
        _boxCount = Math.Min(percept.BoxCount, _boxes.Length);
        percept.Boxes[.._boxCount].CopyTo(_boxes);
        _sectorCount = Math.Min(percept.Sectors.Length, _sectors.Length);
        percept.Sectors.AsSpan(0, _sectorCount).CopyTo(_sectors);
        _shown = timeUs;
    }
}
