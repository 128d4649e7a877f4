namespace EdgeAutonomy.Agents;

/// <summary>The objects that a robot knows of, from its own sensors and from what others send.</summary>
/// <remarks>
/// <para>Tracks that arrive are brought to our clock and to one instant, matched to known ones (gate on the Mahalanobis distance of the positions, then the best assignment of all: global nearest neighbour) and fused by
/// <see cref="CovarianceIntersection"/>, never by adding information: what peers send may rest on what we sent them. A track whose every measurement is in ours already says nothing new and is left out.</para>
/// <para>Deterministic, single-threaded; 0 bytes per call once buffers have grown.</para>
/// </remarks>
public sealed class TrackTable
{
    private readonly TrackOptions _options;
    private readonly ObjectTrack[] _tracks;
    private readonly ObjectTrack[] _incoming = new ObjectTrack[TrackWire.MaxTracks];
    private readonly AssignmentSolver _assignment = new();
    private readonly int[] _match = new int[TrackWire.MaxTracks];
    private readonly double[] _cost;
    private int _count;
    private uint _nextId = 1;
    private Stamp _advancedTo = Stamp.Never;

    /// <summary>Makes a table.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TrackTable(TrackOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Capacity is < 1 or > 65_536 || !(options.Gate > 0) || !(options.Acceleration >= 0) || options.MaxAge.Nanoseconds <= 0)
        {
            throw new ArgumentException($"Track table: capacity {options.Capacity}, gate {options.Gate}, acceleration {options.Acceleration}, greatest age {options.MaxAge}; must be 1 to 65536, positive, not negative, positive.", nameof(options));
        }
        (_options, _tracks, _cost) = (options, new ObjectTrack[options.Capacity], new double[TrackWire.MaxTracks * options.Capacity]);
    }

    /// <summary>Gets the tracks known, by id. Valid until the next call.</summary>
    public ReadOnlySpan<ObjectTrack> Tracks => _tracks.AsSpan(0, _count);

    /// <summary>Gets how many tracks were too old, from the future or no estimates.</summary>
    public long Dropped { get; private set; }

    /// <summary>Gets how many tracks said nothing new.</summary>
    public long Known { get; private set; }

    /// <summary>Gets how many tracks did not fit.</summary>
    public long Overflowed { get; private set; }

    /// <summary>Takes tracks of one robot, own or other; at most <see cref="TrackWire.MaxTracks"/> per call.</summary>
    /// <param name="tracks">Its tracks.</param>
    /// <param name="offset">Its clock minus ours; zero for own tracks.</param>
    /// <param name="now">Now, on our clock.</param>
    public void Merge(ReadOnlySpan<ObjectTrack> tracks, Duration offset, Stamp now)
    {
        Advance(now);
        int rows = 0;
        foreach (ref readonly var track in tracks)
        {
            var time = track.Time - offset;
            // A little ahead is the error of the offset.
            if (rows == _incoming.Length || now - time > _options.MaxAge || time - now > _options.MaxAge || !track.Estimate.IsValid)
            {
                Dropped++;
                continue;
            }
            _incoming[rows++] = track with { Time = time, Estimate = track.Estimate.Predicted(Math.Max(0, (now - time).Seconds), _options.Acceleration) };
        }
        int columns = _count;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double d = IsSameClass(_incoming[i].Class, _tracks[j].Class) ? TrackEstimate.Distance(_incoming[i].Estimate, _tracks[j].Estimate) : double.PositiveInfinity;
                _cost[i * columns + j] = d < _options.Gate ? d : double.PositiveInfinity;
            }
        }
        _assignment.Solve(_cost.AsSpan(0, rows * columns), rows, columns, _match.AsSpan(0, rows));
        for (int i = 0; i < rows; i++)
        {
            if (_match[i] >= 0) Fuse(ref _tracks[_match[i]], _incoming[i], now);
            else Begin(_incoming[i]);
        }
    }

    /// <summary>Brings all tracks to an instant and drops those that nobody has seen for too long.</summary>
    public void Advance(Stamp now)
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (now - _tracks[i].Time > _options.MaxAge) continue;
            _tracks[kept++] = _tracks[i];
        }
        _count = kept;
        if (_advancedTo > Stamp.Never && now > _advancedTo)
        {
            double seconds = (now - _advancedTo).Seconds;
            for (int i = 0; i < _count; i++) _tracks[i] = _tracks[i] with { Estimate = _tracks[i].Estimate.Predicted(seconds, _options.Acceleration) };
        }
        _advancedTo = Stamp.Max(now, _advancedTo);
    }

    private static bool IsSameClass(byte a, byte b) => a == b || a == 0 || b == 0;

    private void Fuse(ref ObjectTrack own, in ObjectTrack other, Stamp now)
    {
        if (!own.Sources.LacksAnyOf(other.Sources))
        {
            Known++;
            return;
        }
        if (!CovarianceIntersection.TryFuse(own.Estimate, other.Estimate, out var fused, out _))
        {
            Dropped++;
            return;
        }
        var sources = own.Sources;
        sources.Union(other.Sources);
        // The time says when somebody saw it last; the estimate itself is of the instant the table was advanced to.
        own = own with { Estimate = fused, Class = own.Class == 0 ? other.Class : own.Class, Time = Stamp.Max(own.Time, other.Time > now ? now : other.Time), Sources = sources };
    }

    private void Begin(in ObjectTrack track)
    {
        if (_count == _tracks.Length)
        {
            Overflowed++;
            return;
        }
        _tracks[_count++] = track with { Id = _nextId++ };
    }
}
