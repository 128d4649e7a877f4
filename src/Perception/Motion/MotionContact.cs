using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Estimates range and time to contact per image sector from image motion (<see cref="MotionEstimator"/>) and the robot's own motion.</summary>
/// <remarks>
/// The robot knows how it turns and drives, so for a tile every range predicts one image motion: away from the point it drives to, faster the nearer, plus what
/// the turn adds. How well the tile's class probabilities fit that curve is evidence for each range. Evidence is kept per direction in the world
/// (<see cref="RangeBelief"/>), fades, and comes nearer as the robot drives. Fills the same fields as <see cref="LoomingEstimator"/>, with the same meaning.
/// <para>Assumes a static world; near the point it drives to hardly anything moves and nothing is known.</para>
/// Loop thread only; allocates nothing after construction; deterministic on every vector width.
/// </remarks>
public sealed class MotionContact : IFreezable, IPayload
{
    private readonly CameraGeometry _camera;
    private readonly MotionContactOptions _options;
    private readonly MotionEstimator _motion;
    private readonly RangeBelief _belief;
    private readonly float[] _columnX, _rowY, _columnBearing, _probabilities, _logSpeed;
    private readonly float[] _sectorBearing, _sectorCos, _rate;
    private readonly int[] _columnEvents, _sectorFirst;
    private readonly float _focal, _pixelsPerStep, _yawCos, _yawSin, _lagMs;
    private readonly int _rows, _classes;
    private double _heading;
    private float _speed, _turn;
    private long _endUs;
    private bool _hasStarted;

    /// <summary>Makes an estimator that knows nothing yet.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="kernel">The trained kernel; null = the one that ships.</param>
    /// <param name="options">How to judge; null = defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value of the camera or of the options is outside its range.</exception>
    /// <exception cref="ModelFileException">No kernel was given and none ships.</exception>
    public MotionContact(CameraGeometry camera, MotionKernel? kernel = null, MotionContactOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(camera);
        camera.Validate();
        _camera = camera;
        _options = options ?? new MotionContactOptions();
        _options.Validate();
        OptionRange.Check(_options.Sectors <= camera.Width, nameof(MotionContactOptions), nameof(MotionContactOptions.Sectors), _options.Sectors, $"must not exceed the camera's {camera.Width} columns");
        int tile = Math.Clamp(camera.Width / _options.Sectors, 4, 128);
        _motion = new MotionEstimator(camera.Width, camera.Height, kernel ?? MotionKernelFile.Shipped, _options.Motion with { TilePixels = tile, Rows = UsedRows(camera) });
        _belief = new RangeBelief((int)Math.Clamp(Math.Round(2 * Math.PI * _options.Sectors / camera.HorizontalFieldOfView), 16, 240));
        _focal = (float)camera.Focal;
        (_yawCos, _yawSin) = ((float)DeterministicMath.Cos(camera.MountYaw), (float)DeterministicMath.Sin(camera.MountYaw));
        var shape = _motion.Kernel.Shape;
        _classes = shape.Classes;
        _pixelsPerStep = _motion.StepUs * 1e-6f;
        // Own motion is averaged as long as scores and delays look back: a synapse sees a motion over about a third of its longest delay.
        _lagMs = _options.Motion.WindowMs + shape.Depth * _motion.StepUs * 1e-3f / 3;
        _probabilities = new float[_classes];
        _logSpeed = [.. shape.Speeds.Select(s => (float)DeterministicMath.Log(s))];
        (_columnX, _columnBearing) = (new float[_motion.Columns], new float[_motion.Columns]);
        for (int c = 0; c < _motion.Columns; c++)
        {
            double middle = 0.5 * (c * tile + Math.Min((c + 1) * tile, camera.Width) - 1);
            _columnX[c] = (float)(middle - 0.5 * (camera.Width - 1));
            _columnBearing[c] = (float)camera.Bearing(middle);
        }
        _rowY = new float[_motion.Rows];
        for (int r = 0; r < _motion.Rows; r++)
        {
            double middle = 0.5 * (r * tile + Math.Min((r + 1) * tile, camera.Height) - 1);
            _rowY[r] = (float)(middle - 0.5 * (camera.Height - 1));
            if (-_rowY[r] >= _options.LowestSlope * _focal) _rows = r + 1;
        }
        (_columnEvents, _sectorFirst) = (new int[camera.Width], new int[_options.Sectors + 1]);
        (_sectorBearing, _sectorCos, _rate) = (new float[_options.Sectors], new float[_options.Sectors], new float[_options.Sectors]);
        for (int s = 0; s <= _options.Sectors; s++) _sectorFirst[s] = s * camera.Width / _options.Sectors;
        for (int s = 0; s < _options.Sectors; s++)
        {
            double bearing = camera.Bearing(0.5 * (_sectorFirst[s] + _sectorFirst[s + 1] - 1));
            (_sectorBearing[s], _sectorCos[s]) = ((float)bearing, (float)DeterministicMath.Cos(bearing));
        }
    }

    /// <summary>Gets the image motion behind the estimates, for its tiles and counters.</summary>
    public MotionEstimator Motion => _motion;

    /// <summary>Gets how many sectors there are.</summary>
    public int Sectors => _options.Sectors;

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
        if (isLost || _hasStarted && end <= _endUs) Forget();
        if (!_hasStarted) (_speed, _turn, _hasStarted) = (speed, turn, true);
        float seconds = (end - start) * 1e-6f, follow = 1f - (float)DeterministicMath.Exp(-seconds * 1e3 / _lagMs);
        _endUs = end;
        var (sin, cos) = DeterministicMath.SinCos(_heading);
        _heading += turn * seconds;
        float way = speed * seconds;
        _belief.Advance((float)DeterministicMath.Exp(-seconds * 1e3 / _options.MemoryMs), way * (float)cos, way * (float)sin);
        _speed += follow * (speed - _speed);
        _turn += follow * (turn - _turn);
        int steps = _motion.Update(packet, dt);
        if (steps > 0 && Math.Abs(_speed) >= _options.MinimumSpeed) Weigh(Math.Min(1f, steps * _motion.StepUs * 1e-3f / _options.EvidenceMs));
        CountEvents(packet.Events, seconds);
        Report(speed, twist.HasValue, sectors);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        _motion.AddTo(ref hasher);
        _belief.AddTo(ref hasher);
        hasher.Add(_hasStarted ? 1 : 0);
        hasher.Add(_heading);
        hasher.Add(_speed);
        hasher.Add(_turn);
        hasher.Add(_endUs);
        foreach (float rate in _rate) hasher.Add(rate);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(Sectors);
        state.Write(_hasStarted);
        state.Write(_heading);
        state.Write(_speed);
        state.Write(_turn);
        state.Write(_endUs);
        state.WriteSpan<float>(_rate);
        _belief.Freeze(writer);
        _motion.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, "Motion contact");
        Thaw(ref reader);
        reader.End();
    }

    internal void Thaw(ref StateReader reader)
    {
        reader.Expect(Sectors, "sectors");
        _hasStarted = reader.ReadBoolean();
        _heading = reader.Read<double>();
        _speed = reader.Read<float>();
        _turn = reader.Read<float>();
        reader.Require(double.IsFinite(_heading) && float.IsFinite(_speed) && float.IsFinite(_turn), "an own motion that is not finite");
        _endUs = reader.Read<long>();
        reader.ReadFinite(_rate, "event rates");
        _belief.Thaw(ref reader);
        _motion.Thaw(ref reader);
    }

    // The tiles whose middle lies above the lowest slope, and so the rows of pixels that are looked at; at least one.
    private int UsedRows(CameraGeometry camera) => Math.Clamp((int)Math.Ceiling(0.5 * (camera.Height - 1) - Math.Max(_options.LowestSlope, -1e6f) * camera.Focal), 1, camera.Height);

    private void Forget()
    {
        _belief.Clear();
        Array.Clear(_rate);
        _hasStarted = false;
    }

    private void Weigh(float weight)
    {
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _motion.Columns; column++)
            {
                if (!_motion.TryGetProbabilities(row * _motion.Columns + column, _probabilities)) continue;
                Weigh(_belief.Of(_belief.At(_heading + _columnBearing[column])), _columnX[column], _rowY[row], weight);
            }
        }
    }

    private void Weigh(Span<float> belief, float x, float y, float weight)
    {
        float turnX = _turn * (_focal + x * x / _focal), turnY = _turn * x * y / _focal;
        // The range along the bearing is the depth over the bearing's cosine.
        float perInverse = _speed * MathF.Sqrt(1f + x * x / (_focal * _focal)), ahead = _yawCos, aside = _yawSin * _focal, outlier = _options.OutlierShare / _classes, inlier = 1f - _options.OutlierShare;
        for (int k = 0; k < belief.Length; k++)
        {
            float expansion = perInverse * _belief.Inverse[k];
            float p = Probability(((x * ahead - aside) * expansion + turnX) * _pixelsPerStep, (y * ahead * expansion + turnY) * _pixelsPerStep);
            belief[k] += weight * PolarTable.Log((inlier * p + outlier) * _classes);
        }
    }

    /// <summary>Returns the probability density of an image motion, in units of one class, between the classes about it.</summary>
    private float Probability(float right, float down)
    {
        var shape = _motion.Kernel.Shape;
        float speed = MathF.Sqrt(right * right + down * down), uniform = 1f / _classes;
        float slowest = shape.Speeds[0], still = 0.1f * slowest, fading = 0.4f * slowest;
        if (speed <= still) return uniform;
        float direction = PolarTable.Turns(right, down) * shape.Directions;
        int first = Math.Min((int)direction, shape.Directions - 1);
        float part = direction - first;
        int second = first + 1 == shape.Directions ? 0 : first + 1;
        float log = PolarTable.Log(speed);
        int level = 0;
        while (level < _logSpeed.Length - 1 && log >= _logSpeed[level + 1]) level++;
        int upper = Math.Min(level + 1, _logSpeed.Length - 1);
        float rise = upper == level ? 0f : Math.Clamp((log - _logSpeed[level]) / (_logSpeed[upper] - _logSpeed[level]), 0f, 1f);
        int low = level * shape.Directions, high = upper * shape.Directions;
        float p = (1 - rise) * ((1 - part) * _probabilities[low + first] + part * _probabilities[low + second])
            + rise * ((1 - part) * _probabilities[high + first] + part * _probabilities[high + second]);
        // What is somewhat slower than the slowest class falls into it, with the right direction; only near standing still nothing is told.
        if (speed >= fading) return p;
        float known = (speed - still) / (fading - still);
        return known * p + (1 - known) * uniform;
    }

    private void CountEvents(ReadOnlySpan<Event> events, float seconds)
    {
        Array.Clear(_columnEvents);
        foreach (ref readonly var e in events)
        {
            if (e.X < _camera.Width && e.Y < _camera.Height) _columnEvents[e.X]++;
        }
        float keep = (float)DeterministicMath.Exp(-seconds / 0.02);
        for (int s = 0; s < Sectors; s++)
        {
            int n = 0;
            for (int x = _sectorFirst[s]; x < _sectorFirst[s + 1]; x++) n += _columnEvents[x];
            _rate[s] = keep * _rate[s] + (1 - keep) * (n / seconds);
        }
    }

    private void Report(float speed, bool isMetric, Span<SectorEstimate> sectors)
    {
        bool moves = Math.Abs(speed) >= _options.MinimumSpeed;
        for (int s = 0; s < Sectors; s++)
        {
            float confidence = _belief.Read(_belief.At(_heading + _sectorBearing[s]), out float inverse);
            ref var sector = ref sectors[s];
            sector.Bearing = _sectorBearing[s];
            sector.EventRate = _rate[s];
            bool isKnown = moves && confidence > 0.01f;
            sector.Confidence = isKnown ? Math.Min(confidence, 1f) : 0f;
            float perSecond = inverse * speed;
            sector.TimeToContact = !isKnown ? float.NaN : perSecond * _options.MaxTimeToContact <= _sectorCos[s] ? float.PositiveInfinity : _sectorCos[s] / perSecond;
            sector.Range = isMetric && isKnown ? 1f / inverse : float.NaN;
        }
    }
}
