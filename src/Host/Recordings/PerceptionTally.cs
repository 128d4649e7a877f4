using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Adds up what a perception loop saw. Loop thread; allocates nothing.</summary>
internal sealed class PerceptionTally : ICycleSink
{
    /// <summary>Gets the sums over the events that reached the loop.</summary>
    public EventFileStatistics Events { get; } = new();

    /// <summary>Gets the boxes about fast things, over all cycles.</summary>
    public long Boxes { get; private set; }

    /// <summary>Gets the sector estimates with a finite time to contact, over all cycles.</summary>
    public long Sectors { get; private set; }

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
    }
}
