namespace EdgeAutonomy.Agents;

/// <summary>Which cell a robot publishes in and which nine it listens to.</summary>
/// <remarks>
/// <para>A robot publishes in its own cell only. It listens to that and the eight around it, one filter per cell, so filters never overlap. It changes cells when it has left its own by the hysteresis; new cells are
/// subscribed first, old ones ended only when all new ones are acknowledged. Since a cell is twice the radius wide, everybody within the radius publishes in one of the nine, hysteresis included.</para>
/// <para>After a change, the surroundings are unknown (the robot drives slowly) until two beacon periods have passed or the acknowledgement is <see cref="InterestOptions.Settle"/> old. Deterministic, single-threaded; 0 bytes per call while the robot
/// stays in its cell.</para>
/// </remarks>
public sealed class InterestArea
{
    private readonly InterestOptions _options;
    private readonly SortedSet<InterestCell> _subscribed = [], _pending = [];
    private readonly Queue<InterestChange> _changes = new();
    private Stamp _enteredAt = Stamp.Never, _knownAt = Stamp.Never;
    private bool _announce, _located;

    /// <summary>Makes an area.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public InterestArea(InterestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Radius > 0 && double.IsFinite(options.Radius)) || !(options.Hysteresis is >= 0 and < 0.25)) throw new ArgumentException($"Interest: radius {options.Radius} m, hysteresis {options.Hysteresis}; the radius must be positive, the hysteresis in [0, 0.25).", nameof(options));
        _options = options;
    }

    /// <summary>Gets the cell the robot publishes in.</summary>
    public InterestCell Cell { get; private set; }

    /// <summary>Gets how many positions were no numbers and were ignored.</summary>
    public long Ignored { get; private set; }

    /// <summary>Returns whether the surroundings are known.</summary>
    /// <param name="period">The slowest beacon period of others.</param>
    /// <param name="now">Now.</param>
    public bool IsKnown(Duration period, Stamp now) => _located && _pending.Count == 0 && (now - _knownAt >= _options.Settle || now - _enteredAt >= period * 2);

    /// <summary>Takes the robot's position.</summary>
    /// <param name="map">Index of the map.</param>
    /// <param name="position">Metres.</param>
    /// <param name="now">Now.</param>
    public void OnPosition(ushort map, Vector2D position, Stamp now)
    {
        double size = _options.CellSize;
        // Beyond two billion cells there is no floor either.
        if (!position.IsFinite || Math.Abs(position.X / size) > 1e9 || Math.Abs(position.Y / size) > 1e9)
        {
            Ignored++;
            return;
        }
        if (_located && map == Cell.Map && Outside(position.X / size - Cell.X) <= _options.Hysteresis && Outside(position.Y / size - Cell.Y) <= _options.Hysteresis) return;
        (Cell, _located, _announce, _enteredAt) = (new InterestCell(map, (int)Math.Floor(position.X / size), (int)Math.Floor(position.Y / size)), true, true, now);
        for (int dy = -1; dy <= 1; dy++)
        {
            for (int dx = -1; dx <= 1; dx++)
            {
                var cell = new InterestCell(map, Cell.X + dx, Cell.Y + dy);
                if (!_subscribed.Add(cell)) continue;
                _pending.Add(cell);
                _changes.Enqueue(new InterestChange(cell, true));
            }
        }
        Settle(now);
    }

    /// <summary>Hears that a subscription is in force.</summary>
    public void OnSubscribed(InterestCell cell, Stamp now)
    {
        if (_pending.Remove(cell)) Settle(now);
    }

    /// <summary>Hears that the connection is up and the link renews all subscriptions: until they are in force again the surroundings are unknown.</summary>
    public void OnReconnected(Stamp now)
    {
        foreach (var cell in _subscribed) _pending.Add(cell);
        (_announce, _enteredAt) = (true, now);
    }

    /// <summary>Takes the next subscription to make or to end.</summary>
    public bool TryTake(out InterestChange change) => _changes.TryDequeue(out change);

    /// <summary>Returns true once after each change of cell: send a beacon at once.</summary>
    public bool TakeAnnouncement()
    {
        bool announce = _announce;
        _announce = false;
        return announce;
    }

    /// <summary>Returns whether a cell is among the nine.</summary>
    public bool Covers(InterestCell cell) => _located && cell.Map == Cell.Map && Math.Abs((long)cell.X - Cell.X) <= 1 && Math.Abs((long)cell.Y - Cell.Y) <= 1;

    private static double Outside(double offset) => Math.Max(-offset, offset - 1);

    private void Settle(Stamp now)
    {
        if (_pending.Count > 0) return;
        _knownAt = now;
        foreach (var cell in _subscribed.Where(c => !Covers(c)).ToArray())
        {
            _subscribed.Remove(cell);
            _changes.Enqueue(new InterestChange(cell, false));
        }
    }
}
