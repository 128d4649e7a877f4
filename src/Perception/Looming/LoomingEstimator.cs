using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Estimates range and time to contact per image sector from the events of a moving camera and its own motion.</summary>
/// <remarks>
/// Events are stored by direction in the world (bearing plus integrated gyroscope), so a turn leaves them in place. Some directions in view
/// are searched per packet, round robin, so that each gets its turn once per <see cref="LoomingOptions.SweepMs"/> at any period: a search moves the
/// events of an adaptive window to where they would be seen from one place, for a ladder of ranges, and takes the range that
/// makes their image sharpest. What is known about a direction is kept as an inverse range with a confidence, corrected for the robot's
/// own motion between measurements, and filtered exactly in time.
/// <para>Time to contact is the depth along the direction of travel over the speed, Z / v: the time until the thing is abeam or hit. A
/// standing robot, a direction without texture and one with too few events are unknown: NaN with confidence 0. Ranges outlive that for
/// <see cref="LoomingOptions.HoldMs"/>, because things stay where they were.</para>
/// <para>Assumes a static world; a thing that moves towards the robot seems nearer than it is by the ratio of the closing speed to the own
/// speed, which keeps its time to contact right; one that crosses is judged by the part of its motion that looks like approach.</para>
/// Loop thread only; allocates nothing after construction; deterministic on every vector width. Work per packet is bounded.
/// </remarks>
public sealed class LoomingEstimator : IFreezable, IPayload
{
    private const float Nearest = 10f; // one over metres: nothing nearer than 10 cm is believed from memory
    private const float Doubt = 0.4f; // what is left of the weight of an estimate that a new one contradicts
    private readonly CameraGeometry _camera;
    private readonly LoomingOptions _options;
    private readonly EgoTrack _track;
    private readonly DirectionMemory _memory;
    private readonly RangeSearch _search;
    private readonly float[] _columnBearing, _columnSlope, _rowSlope, _columnOffset, _axisCos, _axisSin;
    private readonly int[] _columnDirection, _columnEvents, _sectorFirst;
    private readonly float[] _sectorBearing, _sectorCos, _rate;
    private readonly DirectionEstimate[] _estimates;
    private readonly double _axisStep;
    private readonly int _directions, _lowestRow;
    private double _credit, _tableHeading = double.NaN;
    private int _cursor;

    /// <summary>Makes an estimator that knows nothing yet.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="options">How to look; null = defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value of the camera or of the options is outside its range.</exception>
    public LoomingEstimator(CameraGeometry camera, LoomingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(camera);
        camera.Validate();
        _camera = camera;
        _options = options ?? new LoomingOptions();
        _options.Validate();
        OptionRange.Check(_options.Sectors <= camera.Width, nameof(LoomingOptions), nameof(LoomingOptions.Sectors), _options.Sectors, $"must not exceed the camera's {camera.Width} columns");

        _directions = (int)Math.Clamp(Math.Round(2 * Math.PI * _options.Sectors / camera.HorizontalFieldOfView), 16, 240);
        _axisStep = 2 * Math.PI / _directions;
        _track = new EgoTrack(camera);
        _memory = new DirectionMemory(_directions, _options.EventsPerEstimate);
        _search = new RangeSearch(camera, _options, _track, _memory, (float)_axisStep);
        _estimates = new DirectionEstimate[_directions];
        _axisCos = new float[_directions];
        _axisSin = new float[_directions];
        for (int d = 0; d < _directions; d++)
        {
            _axisCos[d] = (float)DeterministicMath.Cos(d * _axisStep);
            _axisSin[d] = (float)DeterministicMath.Sin(d * _axisStep);
        }
        Array.Fill(_estimates, DirectionEstimate.Unknown(FirstWindow));

        _columnBearing = new float[camera.Width];
        _columnSlope = new float[camera.Width];
        _columnOffset = new float[camera.Width];
        _columnDirection = new int[camera.Width];
        _columnEvents = new int[camera.Width];
        for (int x = 0; x < camera.Width; x++)
        {
            double tangent = (0.5 * (camera.Width - 1) - x) / camera.Focal;
            _columnBearing[x] = (float)DeterministicMath.Atan(tangent);
            _columnSlope[x] = (float)(1 / Math.Sqrt(1 + tangent * tangent));
        }
        _rowSlope = new float[camera.Height];
        for (int y = 0; y < camera.Height; y++) _rowSlope[y] = (float)((0.5 * (camera.Height - 1) - y) / camera.Focal);

        _lowestRow = Array.FindLastIndex(_rowSlope, slope => slope >= _options.LowestSlope);
        _sectorFirst = new int[_options.Sectors + 1];
        _sectorBearing = new float[_options.Sectors];
        _sectorCos = new float[_options.Sectors];
        _rate = new float[_options.Sectors];
        for (int s = 0; s <= _options.Sectors; s++) _sectorFirst[s] = s * camera.Width / _options.Sectors;
        for (int s = 0; s < _options.Sectors; s++)
        {
            double bearing = camera.Bearing(0.5 * (_sectorFirst[s] + _sectorFirst[s + 1] - 1));
            _sectorBearing[s] = (float)bearing;
            _sectorCos[s] = (float)DeterministicMath.Cos(bearing);
        }
    }

    /// <summary>Gets how many sectors there are.</summary>
    public int Sectors => _options.Sectors;

    /// <summary>Gets how many events were ignored because they lie outside the sensor, since construction.</summary>
    public long IgnoredEvents { get; private set; }

    /// <summary>Gets how many searches were made since construction.</summary>
    public long Searches { get; private set; }

    private float FirstWindow => Math.Clamp(0.1f, _options.MinWindowMs * 1e-3f, _options.MaxWindowMs * 1e-3f);

    /// <summary>Takes one packet with the robot's motion and overwrites the sector estimates.</summary>
    /// <param name="packet">The events.</param>
    /// <param name="dt">The length of the window when the packet does not say (end not after start).</param>
    /// <param name="twist">The robot's speed (wheels) and turn rate (gyroscope) at the packet's end; null = unknown: no turn and unit speed are
    /// assumed, times to contact hold for straight motion along the optical axis, and ranges are NaN.</param>
    /// <param name="sectors">Receives the estimates, [sector], at least <see cref="Sectors"/> long.</param>
    public void Estimate(EventPacket packet, Duration dt, Twist2? twist, Span<SectorEstimate> sectors)
    {
        long start = packet.StartUs, end = packet.EndUs;
        if (end <= start) end = start + Math.Max(1, dt.Nanoseconds / 1000);
        float speed = twist?.Linear ?? 1f, turn = twist?.Angular ?? 0f;
        bool isLost = !float.IsFinite(speed) || !float.IsFinite(turn);
        if (isLost) (speed, turn) = (0f, 0f);
        // Without knowing the motion, or when time starts over, what is stored can no longer be placed.
        if (isLost || _track.HasStarted && end <= _track.EndUs) Forget();
        _track.Advance(start, end, speed, turn);
        float seconds = (end - start) * 1e-6f;

        Store(packet.Events, start, end);
        UpdateRates(seconds);
        if (Math.Abs(speed) >= _options.MinimumSpeed) SearchSome(seconds);
        else _credit = 0;
        Report(speed, twist.HasValue, sectors);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        _track.AddTo(ref hasher);
        _memory.AddTo(ref hasher);
        for (int d = 0; d < _directions; d++)
        {
            ref readonly var e = ref _estimates[d];
            if (e.MeasuredUs == long.MinValue && e.Fresh == 0) continue;
            hasher.Add((ulong)d << 32 | (uint)e.Fresh);
            hasher.Add(e.InverseRange);
            hasher.Add(e.Mass);
            hasher.Add(e.Window);
            hasher.Add(e.MeasuredUs);
        }
        foreach (float rate in _rate) hasher.Add(rate);
        hasher.Add(_credit);
        hasher.Add(_cursor);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(_directions);
        state.Write(_memory.Capacity);
        state.Write(Sectors);
        state.Write(_credit);
        state.Write(_cursor);
        state.WriteSpan<float>(_rate);
        state.WriteSpan<DirectionEstimate>(_estimates);
        _track.Freeze(writer);
        _memory.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, "Looming estimator");
        Thaw(ref reader);
        reader.End();
    }

    internal void Thaw(ref StateReader reader)
    {
        reader.Expect(_directions, "directions");
        reader.Expect(_memory.Capacity, "events per estimate");
        reader.Expect(Sectors, "sectors");
        _credit = reader.Read<double>();
        _cursor = reader.ReadInt32(0, _directions - 1);
        reader.ReadSpan<float>(_rate);
        reader.ReadSpan<DirectionEstimate>(_estimates);
        _track.Thaw(ref reader);
        _memory.Thaw(ref reader);
        _tableHeading = double.NaN;
    }

    private void Forget()
    {
        _memory.Clear();
        Array.Fill(_estimates, DirectionEstimate.Unknown(FirstWindow));
        Array.Clear(_rate);
        _credit = 0;
    }

    private void Store(ReadOnlySpan<Event> events, long start, long end)
    {
        Array.Clear(_columnEvents);
        Array.Clear(_memory.Seen);
        Array.Clear(_memory.Stored);
        long ignored = 0, slot = EgoTrack.SlotOf(start), last = EgoTrack.SlotOf(end - 1), slotEnd = (slot + 1) * EgoTrack.SlotUs;
        PointColumns(slot);
        for (int i = 0; i < events.Length; i++)
        {
            ref readonly Event e = ref events[i];
            if (e.X >= _camera.Width || e.Y >= _camera.Height)
            {
                ignored++;
                continue;
            }
            while (e.TimeUs >= slotEnd && slot < last)
            {
                slot++;
                slotEnd += EgoTrack.SlotUs;
                if (e.TimeUs < slotEnd || slot == last) PointColumns(slot);
            }
            _columnEvents[e.X]++;
            if (e.Y > _lowestRow) continue;
            // An event may come late, with an older stamp than the window: it belongs to where the camera was then. Its bearing is taken with the
            // present heading, because sensors hold events back only while the image hardly moves.
            long own = e.TimeUs >= slotEnd - EgoTrack.SlotUs ? slot : EgoTrack.SlotOf(e.TimeUs);
            _memory.Offer(_columnDirection[e.X], _columnOffset[e.X], _rowSlope[e.Y] * _columnSlope[e.X], _track.IsKnown(own) ? own : slot, e.Polarity & 1);
        }
        IgnoredEvents += ignored;
    }

    /// <summary>Works out which direction each column looks into during a slot.</summary>
    private void PointColumns(long slot)
    {
        double heading = _track.SlotHeading(slot);
        if (heading == _tableHeading) return;
        _tableHeading = heading;
        double turn = heading / _axisStep;
        double whole = Math.Floor(turn + 0.5);
        int middle = (int)(whole - _directions * Math.Floor(whole / _directions));
        float rest = (float)((turn - whole) * _axisStep), inverse = (float)(1 / _axisStep), step = (float)_axisStep;
        for (int x = 0; x < _columnBearing.Length; x++)
        {
            float bearing = _columnBearing[x] + rest;
            float k = MathF.Floor(bearing * inverse + 0.5f);
            int direction = middle + (int)k;
            _columnDirection[x] = direction < 0 ? direction + _directions : direction >= _directions ? direction - _directions : direction;
            _columnOffset[x] = bearing - k * step;
        }
    }

    private void UpdateRates(float seconds)
    {
        float keep = (float)DeterministicMath.Exp(-seconds / 0.02), keepSlow = (float)DeterministicMath.Exp(-seconds / 0.05);
        for (int s = 0; s < Sectors; s++)
        {
            int n = 0;
            for (int x = _sectorFirst[s]; x < _sectorFirst[s + 1]; x++) n += _columnEvents[x];
            _rate[s] = keep * _rate[s] + (1 - keep) * (n / seconds);
        }
        for (int d = 0; d < _directions; d++)
        {
            int n = _memory.Seen[d];
            float rate = keepSlow * _memory.Rate[d] + (1 - keepSlow) * (n / seconds);
            _memory.Rate[d] = rate < 1e-3f ? 0 : rate;
            _estimates[d].Fresh += _memory.Stored[d];
            // Thinned so that a full ring spans one and a quarter windows.
            _memory.Stride[d] = Math.Max(1, (int)(1.25f * rate * _estimates[d].Window / _memory.Capacity));
        }
    }

    private void SearchSome(float seconds)
    {
        double left = _track.Heading + _columnBearing[0], right = _track.Heading + _columnBearing[^1];
        long first = (long)Math.Floor(right / _axisStep + 0.5), last = (long)Math.Floor(left / _axisStep + 0.5);
        int inView = (int)(last - first) + 1;
        _credit = Math.Min(_credit + inView * seconds / (_options.SweepMs * 1e-3), inView);
        while (_credit >= 1)
        {
            _credit--;
            _cursor = (_cursor + 1) % inView;
            long axis = first + _cursor;
            SearchOne((int)(axis - _directions * (long)Math.Floor((double)axis / _directions)));
        }
    }

    private void SearchOne(int d)
    {
        ref var e = ref _estimates[d];
        if (e.Fresh < _options.MinimumEvents / 4) return;
        e.Fresh = 0;
        long window = (long)(e.Window * 1e6f);
        double travel = _track.Heading - _camera.MountYaw, cos = DeterministicMath.Cos(travel), sin = DeterministicMath.Sin(travel);
        double ahead = cos * _axisCos[d] + sin * _axisSin[d], aside = cos * _axisSin[d] - sin * _axisCos[d];
        if (!_search.Measure(d, _axisCos[d], _axisSin[d], aside, EgoTrack.SlotOf(_track.EndUs - window), out var m)) return;
        Searches++;
        // A thing on collision course closes at speed·w·range; the range that gives the right time to contact, range·cos/speed, is longer by cos².
        if (m.KeepsBearing) m.InverseRange *= (float)(ahead * ahead);
        float confidence = Confidence(in m);
        AdaptWindow(ref e, in m, confidence);
        if (confidence <= 0) return;

        float measured = FromHere(in m, d), seconds = e.MeasuredUs == long.MinValue ? 0f : (_track.EndUs - e.MeasuredUs) * 1e-6f;
        // The first look after a while counts like any other: one sharp image may be chance.
        seconds = seconds <= 0 ? _options.SweepMs * 1e-3f : Math.Min(seconds, 2e-3f * _options.SweepMs);
        Fade(ref e);
        // The weight of what was known fades exactly with time; the new measurement brings what an exponential average would give it.
        float gain = confidence * (1f - (float)DeterministicMath.Exp(-seconds * 1e3f / _options.FilterMs)), mass = e.Mass;
        float before = mass > 0 ? e.InverseFrom(_track.X, _track.Y, _axisCos[d], _axisSin[d]) : 0f;
        // Contradiction: a thing that should be at arm's length or behind by now, or another range than before, by more than a factor of 1.5.
        if (before >= Nearest || Math.Abs(measured - before) > 0.5f * Math.Min(measured, before) + 0.05f) mass *= before >= Nearest ? 0f : Doubt;
        e.InverseRange = (mass * before + gain * measured) / (mass + gain);
        e.Mass = Math.Min(1f, mass + gain);
        (e.X, e.Y, e.MeasuredUs) = (_track.X, _track.Y, _track.EndUs);
    }

    private float FromHere(in RangeMeasurement m, int d)
    {
        var there = new DirectionEstimate { X = m.RefX, Y = m.RefY, InverseRange = m.InverseRange };
        return there.InverseFrom(_track.X, _track.Y, _axisCos[d], _axisSin[d]);
    }

    /// <summary>Judges a measurement: how far the best score stands out of chance, and how much better it is than its best rival.</summary>
    private static float Confidence(in RangeMeasurement m)
    {
        if (m.IsControl || m.Peak <= 0) return 0;
        // n events of random sign in c cells give a score of zero with a deviation of n·√(2 / c).
        float deviations = m.Peak / (m.Events * MathF.Sqrt(2f / m.Cells));
        float clear = Math.Clamp((deviations - 3f) * 0.2f, 0f, 1f), unique = Math.Clamp((m.Peak - m.Rival) / (0.5f * m.Peak), 0f, 1f);
        float sharp = Math.Clamp((m.Peak - m.Shoulder) / (0.25f * m.Peak), 0f, 1f);
        return clear * unique * sharp;
    }

    private void AdaptWindow(ref DirectionEstimate e, in RangeMeasurement m, float confidence)
    {
        float factor = m.IsLimit ? 0.6f : confidence <= 0 ? 1.1f : Math.Clamp(0.16f / Math.Max(m.Step, 0.01f), 0.7f, 1.3f);
        e.Window = Math.Clamp(e.Window * factor, _options.MinWindowMs * 1e-3f, _options.MaxWindowMs * 1e-3f);
    }

    private void Fade(ref DirectionEstimate e)
    {
        if (e.Mass > 0) e.Mass *= (float)DeterministicMath.Exp(-(_track.EndUs - e.FadedUs) * 1e-3 / _options.FilterMs);
        if (e.Mass < 1e-4f) e.Mass = 0;
        e.FadedUs = _track.EndUs;
    }

    private void Report(float speed, bool isMetric, Span<SectorEstimate> sectors)
    {
        bool moves = Math.Abs(speed) >= _options.MinimumSpeed;
        for (int s = 0; s < Sectors; s++)
        {
            double place = (_sectorBearing[s] - _camera.MountYaw + _track.Heading) / _axisStep, low = Math.Floor(place);
            float share = (float)(place - low);
            float mass = 0, held = 0, inverse = 0, inverseHeld = 0;
            for (int side = 0; side <= 1; side++)
            {
                long axis = (long)low + side;
                int d = (int)(axis - _directions * (long)Math.Floor((double)axis / _directions));
                ref readonly var e = ref _estimates[d];
                if (e.MeasuredUs == long.MinValue || _track.EndUs - e.MeasuredUs > _options.HoldMs * 1e3f) continue;
                float here = e.InverseFrom(_track.X, _track.Y, _axisCos[d], _axisSin[d]), part = side == 0 ? 1 - share : share;
                float fade = e.Mass * (float)DeterministicMath.Exp(-(_track.EndUs - e.FadedUs) * 1e-3 / _options.FilterMs);
                mass += part * fade;
                inverse += part * fade * here;
                held += part;
                inverseHeld += part * here;
            }
            ref var sector = ref sectors[s];
            sector.Bearing = _sectorBearing[s];
            sector.EventRate = _rate[s];
            bool isKnown = moves && mass > 0.01f;
            sector.Confidence = isKnown ? Math.Min(mass, 1f) : 0f;
            sector.TimeToContact = isKnown ? TimeToContact(inverse / mass, speed, _sectorCos[s]) : float.NaN;
            sector.Range = !isMetric || held <= 0 ? float.NaN : 1f / Math.Max(isKnown ? inverse / mass : inverseHeld / held, 0.01f);
        }
    }

    private float TimeToContact(float inverseRange, float speed, float cos)
    {
        float perSecond = inverseRange * speed;
        return perSecond * _options.MaxTimeToContact <= cos ? float.PositiveInfinity : cos / perSecond;
    }
}
