using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Orders events by (time, row, polarity, column): the order in which EVT3 packs best.</summary>
/// <remarks>Stateless, thread-safe. A total order over events, so sorting with it gives one result.</remarks>
public sealed class EventOrder : IComparer<Event>
{
    /// <summary>Gets the comparer.</summary>
    public static EventOrder Instance { get; } = new();

    private EventOrder() { }

    /// <inheritdoc/>
    public int Compare(Event x, Event y)
    {
        int c = x.TimeUs.CompareTo(y.TimeUs);
        if (c != 0) return c;
        c = x.Y.CompareTo(y.Y);
        if (c != 0) return c;
        c = x.Polarity.CompareTo(y.Polarity);
        return c != 0 ? c : x.X.CompareTo(y.X);
    }
}
