using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Keeps the events of one rectangle of pixels. Order and coordinates stay as they are.</summary>
/// <remarks>Stateless, thread-safe on different packets, allocation-free.</remarks>
public static class EventRegionFilter
{
    /// <summary>Removes the events outside a region from a packet; the window, size and drop count stay.</summary>
    /// <returns>How many events were removed.</returns>
    public static int Apply(EventPacket packet, in PixelRegion region)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (region.IsAll) return 0;
        // Sound: Reset only sets the count to zero, and Append never writes in front of the event that is being read.
        var events = packet.Events;
        long dropped = packet.Dropped;
        packet.Reset(packet.StartUs, packet.EndUs);
        packet.CountDropped(dropped);
        AppendTo(packet, events, region);
        return events.Length - packet.Count;
    }

    /// <summary>Appends the events inside a region to a packet.</summary>
    /// <returns>How many lay inside; those that found no room are counted in the packet.</returns>
    public static int AppendTo(EventPacket packet, ReadOnlySpan<Event> events, in PixelRegion region)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (region.IsAll)
        {
            packet.Append(events);
            return events.Length;
        }
        uint left = region.X, top = region.Y, width = region.Width, height = region.Height;
        int inside = 0;
        foreach (ref readonly var e in events)
        {
            if (e.X - left >= width || e.Y - top >= height) continue;
            packet.Append(e);
            inside++;
        }
        return inside;
    }
}
