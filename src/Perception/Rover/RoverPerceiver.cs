using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Turns all that a rover senses in one cycle into boxes about fast things and one estimate per image sector.</summary>
/// <remarks>
/// Composes <see cref="DotieDetector"/> and <see cref="LoomingEstimator"/> on the same packet. Where the range sensor saw a sector, its nearest beam is the
/// sector's range (NaN beams were not sensed and do not count; the scan's greatest range means at least that far); otherwise the range comes
/// from the events. Times to contact come from the events alone, so the two are independent.
/// Odometry, turn rate, goal and scan are passed on. An empty packet is ordinary input: nothing moved. Loop thread only; allocates nothing
/// after construction.
/// </remarks>
public sealed class RoverPerceiver : IPerceiver<RoverSample, Percept>, IFreezable, IPayload
{
    private readonly RoverPerceiverOptions _options;
    private readonly DotieDetector _dotie;
    private readonly LoomingEstimator _looming;
    private readonly MotionContact? _contact;
    private readonly SectorEstimate[] _fromMotion = [];
    private readonly float[] _edgeBearing;

    /// <summary>Makes a perceiver that knows nothing yet.</summary>
    /// <param name="options">The parts; null = defaults.</param>
    /// <param name="name">The stage's name, unique in its loop.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public RoverPerceiver(RoverPerceiverOptions? options = null, string name = "perceive")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _options = options ?? new RoverPerceiverOptions();
        _options.Validate();
        var camera = _options.Camera;
        _dotie = new DotieDetector(camera.Width, camera.Height, _options.Dotie);
        _looming = new LoomingEstimator(camera, _options.Looming);
        if (_options.Kind == PerceptionKind.Spiking)
        {
            _contact = new MotionContact(camera, _options.Kernel, _options.Contact);
            _fromMotion = new SectorEstimate[_contact.Sectors];
        }
        _edgeBearing = new float[_looming.Sectors + 1];
        for (int s = 0; s < _edgeBearing.Length; s++) _edgeBearing[s] = (float)camera.Bearing((double)s * camera.Width / _looming.Sectors - 0.5);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the box detector, for its counters.</summary>
    public DotieDetector Dotie => _dotie;

    /// <summary>Gets the looming estimator, for its counters.</summary>
    public LoomingEstimator Looming => _looming;

    /// <summary>Gets the image motion behind the estimates, for its tiles; null when the options say <see cref="PerceptionKind.Dotie"/>.</summary>
    public MotionContact? Contact => _contact;

    /// <summary>Makes a percept of the right size for this perceiver.</summary>
    public Percept CreatePercept() => new(_looming.Sectors, _options.Dotie.MaxBoxes);

    /// <inheritdoc/>
    /// <returns>Ok; Degraded when the turn rate or the speed is not a finite number, for then nothing is known about contacts; Failed(BadInput) when the percept has another number of sectors than the options say.</returns>
    public StageStatus Perceive(in RoverSample sample, ref Percept percept, in CycleContext context)
    {
        if (percept.Sectors.Length != _looming.Sectors) return StageStatus.Failed(FailureCode.BadInput);
        _dotie.Detect(sample.Events, context.Dt);
        percept.ClearBoxes();
        foreach (ref readonly var box in _dotie.Boxes) percept.AddBox(in box);

        float turn = sample.Imu.AngularVelocity;
        var own = new Twist2(sample.Odometry.Velocity.Linear, turn);
        _looming.Estimate(sample.Events, context.Dt, own, percept.Sectors);
        if (_contact is not null)
        {
            _contact.Estimate(sample.Events, context.Dt, own, _fromMotion);
            SectorFusion.Fuse(percept.Sectors, _fromMotion);
        }
        MergeScan(sample.Scan, percept.Sectors);

        percept.EventCount = sample.Events.Count;
        percept.Odometry = sample.Odometry;
        percept.AngularVelocity = turn;
        percept.Goal = sample.Goal;
        percept.Scan = sample.Scan.Ranges.Length > 0 ? sample.Scan : null;
        percept.Neighbours = sample.Neighbours;
        return float.IsFinite(turn) && float.IsFinite(sample.Odometry.Velocity.Linear) ? StageStatus.Ok : StageStatus.Degraded;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        _dotie.AddTo(ref hasher);
        _looming.AddTo(ref hasher);
        _contact?.AddTo(ref hasher);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        _dotie.Freeze(writer);
        _looming.Freeze(writer);
        _contact?.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, $"Stage '{Name}'");
        _dotie.Thaw(ref reader);
        _looming.Thaw(ref reader);
        _contact?.Thaw(ref reader);
        reader.End();
    }

    private void MergeScan(RangeScan scan, Span<SectorEstimate> sectors)
    {
        if (scan.Ranges.Length == 0 || scan.Time == Stamp.Never) return;
        for (int s = 0; s < sectors.Length; s++)
        {
            float nearest = float.PositiveInfinity;
            // Beams and sectors both go counter-clockwise in bearing, but the sector's edges run from left (high) to right (low).
            double step = scan.BearingStep, first = (_edgeBearing[s + 1] - scan.FirstBearing) / step, last = (_edgeBearing[s] - scan.FirstBearing) / step;
            if (!double.IsFinite(first) || !double.IsFinite(last)) continue;
            double turn = 2 * Math.PI / Math.Abs(step);
            int count = scan.Ranges.Length;
            double low = Math.Min(first, last), high = Math.Max(first, last), wrap = Math.Floor(low / turn) * turn;
            for (int lap = 0; lap <= 1; lap++)
            {
                double from = low - wrap - lap * turn, to = high - wrap - lap * turn;
                int begin = (int)Math.Clamp(Math.Ceiling(from), 0, count), end = (int)Math.Clamp(Math.Floor(to), -1, count - 1);
                for (int beam = begin; beam <= end; beam++)
                {
                    if (scan.Ranges[beam] < nearest) nearest = scan.Ranges[beam];
                }
            }
            if (float.IsFinite(nearest)) sectors[s].Range = nearest;
        }
    }
}
