namespace EdgeAutonomy.Perception;

/// <summary>Keeps a uniform sample of a stream of events whose length nobody knows: every event has the same chance to be in it.</summary>
/// <remarks>
/// Algorithm L (Li, ACM TOMS 20, 1994): instead of a draw per event it draws how many events to pass over, so an event that is passed over costs one
/// subtraction and a span of them nothing. Expected draws: capacity × (1 + ln(events / capacity)). Allocation-free after construction; not thread-safe.
/// </remarks>
public sealed class PointReservoir
{
    private readonly Event[] _events;
    private long _pass;
    private double _weight;

    /// <summary>Makes an empty reservoir.</summary>
    /// <param name="capacity">The size of the sample, at least 1.</param>
    public PointReservoir(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _events = new Event[capacity];
    }

    /// <summary>Gets the size of the sample.</summary>
    public int Capacity => _events.Length;

    /// <summary>Gets how many events were offered.</summary>
    public long Seen { get; private set; }

    /// <summary>Gets the sample, in no particular order; valid until the next change.</summary>
    public ReadOnlySpan<Event> Sample => _events.AsSpan(0, (int)Math.Min(Seen, _events.Length));

    /// <summary>Forgets everything.</summary>
    public void Clear() => (Seen, _pass, _weight) = (0, 0, 1);

    /// <summary>Offers one event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="random">The stage's generator.</param>
    public void Add(in Event e, RandomStream random)
    {
        if (Seen++ < _events.Length)
        {
            _events[Seen - 1] = e;
            if (Seen == _events.Length) Begin(random);
        }
        else if (--_pass < 0)
        {
            Take(e, random);
        }
    }

    /// <summary>Offers events; the same as one by one.</summary>
    /// <param name="events">The events.</param>
    /// <param name="random">The stage's generator.</param>
    public void Add(ReadOnlySpan<Event> events, RandomStream random)
    {
        int at = 0;
        while (at < events.Length && Seen < _events.Length) Add(events[at++], random);
        long left = events.Length - at;
        Seen += left;
        for (; _pass < left; left = events.Length - at)
        {
            at += (int)_pass + 1;
            Take(events[at - 1], random);
        }
        _pass -= left;
    }

    /// <summary>Becomes a copy of a sample that another reservoir took; nothing can be added to it before <see cref="Clear"/>.</summary>
    internal void CopyFrom(ReadOnlySpan<Event> sample, long seen)
    {
        sample.CopyTo(_events);
        Seen = seen;
    }

    internal void Freeze(StateWriter writer)
    {
        writer.Write(Seen);
        writer.Write(_pass);
        writer.Write(_weight);
        writer.WriteSpan(Sample);
    }

    internal void Thaw(ref StateReader reader)
    {
        long seen = reader.Read<long>(), pass = reader.Read<long>();
        double weight = reader.Read<double>();
        reader.Require(seen is >= 0 and <= 1L << 60 && pass is >= 0 and <= 1L << 60 && weight is >= 0 and <= 1, "reservoir");
        int count = reader.ReadUpTo<Event>(_events);
        reader.Require(count == Math.Min(seen, _events.Length), "size of the sample");
        // Anew, so that the spare bytes are zero whatever was read.
        for (int i = 0; i < count; i++) _events[i] = new Event(_events[i].TimeUs, _events[i].X, _events[i].Y, _events[i].Polarity);
        (Seen, _pass, _weight) = (seen, pass, weight);
    }

    private void Begin(RandomStream random)
    {
        _weight = 1;
        Draw(random);
    }

    private void Take(in Event e, RandomStream random)
    {
        _events[random.NextInt32(_events.Length)] = e;
        Draw(random);
    }

    // W is the largest of `capacity` uniform numbers, shrunk with every event taken; an event beats it with chance 1 − (1 − W), so the gap is geometric.
    private void Draw(RandomStream random)
    {
        _weight *= DeterministicMath.Exp(-random.NextExponential() / _events.Length);
        double gap = -random.NextExponential() / DeterministicMath.Log(1 - _weight);
        // Beyond 2^53 events the stream is over long before; without the bound a weight of zero would give infinity.
        _pass = gap is >= 0 and < 9e15 ? (long)gap : 9_000_000_000_000_000;
    }
}
