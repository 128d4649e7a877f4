using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>One robot of a crowd: where it is, its link, its cells, and who is to get its last beacons.</summary>
internal sealed class FleetWalker
{
    private const int Kept = 128, Words = 4;
    private const string Root = "ea/v1/bench/";
    private readonly Dictionary<InterestCell, LinkTopic> _topics = [];
    private readonly ulong[] _expected = new ulong[Kept * Words];
    private readonly (InterestCell Cell, long At)[] _sent = new (InterestCell, long)[Kept];
    private readonly RandomStream _random;
    private readonly string _name;
    private Vector2D _velocity;
    private ulong _sequence;
    private bool _expects;

    /// <summary>Makes a robot somewhere on the plane.</summary>
    public FleetWalker(int index, Uri broker, double side, double topSpeed, long dueAt)
    {
        (Index, DueAt) = (index, dueAt);
        _name = string.Create(CultureInfo.InvariantCulture, $"r{index}");
        _random = RandomStream.For(1, _name);
        Position = new Vector2D(_random.NextDouble(0, side), _random.NextDouble(0, side));
        double angle = _random.NextDouble(0, 2 * Math.PI), speed = _random.NextDouble(0.2, topSpeed);
        _velocity = new Vector2D(speed * DeterministicMath.Cos(angle), speed * DeterministicMath.Sin(angle));
        Link = Links.Open(new LinkOptions { Broker = broker, ClientId = "ea-bench-" + _name, Seed = (ulong)index + 1, KeepAliveSeconds = 30 });
    }

    /// <summary>Gets its number; below 256.</summary>
    public int Index { get; }

    /// <summary>Gets its link.</summary>
    public IMqttLink Link { get; }

    /// <summary>Gets its cells.</summary>
    public InterestArea Area { get; } = new(new InterestOptions { Radius = FleetBenchmark.InterestRadius });

    /// <summary>Gets subscriptions that may not be in force yet.</summary>
    public List<(InterestCell Cell, long At)> Pending { get; } = [];

    /// <summary>Gets where it is, m.</summary>
    public Vector2D Position { get; private set; }

    /// <summary>Gets or sets when its next beacon is due, ns.</summary>
    public long DueAt { get; set; }

    /// <summary>Returns the filter of a cell.</summary>
    public static LinkFilter Filter(InterestCell cell) => LinkFilter.Parse($"{Root}cell/{cell.Levels}/+");

    /// <summary>Returns where its beacon goes now.</summary>
    public LinkTopic Topic()
    {
        if (!_topics.TryGetValue(Area.Cell, out var topic)) _topics.Add(Area.Cell, topic = LinkTopic.Parse($"{Root}cell/{Area.Cell.Levels}/{_name}"));
        return topic;
    }

    /// <summary>Drives on, and turns at the border.</summary>
    public void Drive(double seconds, double side)
    {
        var next = Position + _velocity * seconds;
        if (next.X < 0 || next.X > side) _velocity = new Vector2D(-_velocity.X, _velocity.Y);
        if (next.Y < 0 || next.Y > side) _velocity = new Vector2D(_velocity.X, -_velocity.Y);
        Position = new Vector2D(Math.Clamp(next.X, 0, side), Math.Clamp(next.Y, 0, side));
    }

    /// <summary>Takes subscriptions for being in force that are old enough.</summary>
    public void Acknowledge(long now, long age)
    {
        for (int i = Pending.Count - 1; i >= 0; i--)
        {
            if (now - Pending[i].At < age) continue;
            Area.OnSubscribed(Pending[i].Cell, new Stamp(now));
            Pending.RemoveAt(i);
        }
    }

    /// <summary>Writes the next beacon.</summary>
    public void Write(Span<byte> to, long wall)
    {
        _sequence += _expects ? 0UL : 1UL;
        _expects = false;
        new Beacon
        {
            Prefix = new FleetPrefix(FleetKind.Beacon, FleetFlags.Localised, (uint)Index + 1, _sequence, 0, wall), X = (float)Position.X, Y = (float)Position.Y, VelocityX = (float)_velocity.X, VelocityY = (float)_velocity.Y,
            Radius = 0.4f, Battery = Beacon.UnknownBattery,
        }.Write(to);
    }

    /// <summary>Begins the account of the next beacon.</summary>
    public void BeginExpecting(long now)
    {
        _sequence++;
        _expects = true;
        int place = (int)(_sequence % Kept);
        _expected.AsSpan(place * Words, Words).Clear();
        _sent[place] = (Area.Cell, now);
    }

    /// <summary>Notes that a robot is to get it.</summary>
    public void Expect(int robot) => _expected[(int)(_sequence % Kept) * Words + robot / 64] |= 1UL << robot;

    /// <summary>Notes that it came; false when it was not to.</summary>
    public bool Arrived(ulong sequence, int robot)
    {
        if (sequence + Kept <= _sequence || sequence > _sequence) return false;
        ref ulong word = ref _expected[(int)(sequence % Kept) * Words + robot / 64];
        if ((word & 1UL << robot) == 0) return false;
        word &= ~(1UL << robot);
        return true;
    }

    /// <summary>Takes back what a robot was to get from a cell since an instant and has not got.</summary>
    /// <returns>How many.</returns>
    public int Retract(InterestCell cell, int robot, long since)
    {
        int count = 0;
        for (int i = 0; i < Kept; i++)
        {
            if (_sent[i].Cell != cell || _sent[i].At < since) continue;
            ref ulong word = ref _expected[i * Words + robot / 64];
            if ((word & 1UL << robot) == 0) continue;
            word &= ~(1UL << robot);
            count++;
        }
        return count;
    }
}
