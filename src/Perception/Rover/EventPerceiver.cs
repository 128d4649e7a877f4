using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Turns packets of a recording or of a bare event camera into boxes and sector estimates, without knowledge of the camera's motion.</summary>
/// <remarks>
/// No gyroscope and no odometry: the camera is taken to move straight along its optical axis, so times to contact hold for such motion
/// only, and ranges are NaN. Any sensor up to 1280×720 pixels and beyond (4096×4096). Loop thread only; allocates nothing after construction.
/// </remarks>
public sealed class EventPerceiver : IPerceiver<EventPacket, Percept>, IFreezable, IPayload
{
    private readonly DotieDetector _dotie;
    private readonly LoomingEstimator _looming;
    private readonly int _maxBoxes;

    /// <summary>Makes a perceiver that knows nothing yet.</summary>
    /// <param name="options">The camera and the parts.</param>
    /// <param name="name">The stage's name, unique in its loop.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public EventPerceiver(RoverPerceiverOptions options, string name = "perceive")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        options.Validate();
        _dotie = new DotieDetector(options.Camera.Width, options.Camera.Height, options.Dotie);
        _looming = new LoomingEstimator(options.Camera, options.Looming);
        _maxBoxes = options.Dotie.MaxBoxes;
    }

    /// <summary>Makes a perceiver for a sensor of a size, with a horizontal field of view of 60° that may look anywhere.</summary>
    /// <param name="width">Columns, 1 … 4096.</param>
    /// <param name="height">Rows, 1 … 4096.</param>
    public static EventPerceiver ForSensor(int width, int height) => new(new RoverPerceiverOptions { Camera = new CameraGeometry(width, height, Math.PI / 3), Looming = new LoomingOptions { LowestSlope = float.NegativeInfinity } });

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the box detector, for its counters.</summary>
    public DotieDetector Dotie => _dotie;

    /// <summary>Gets the looming estimator, for its counters.</summary>
    public LoomingEstimator Looming => _looming;

    /// <summary>Makes a percept of the right size for this perceiver.</summary>
    public Percept CreatePercept() => new(_looming.Sectors, _maxBoxes);

    /// <inheritdoc/>
    /// <returns>Ok; Failed(BadInput) when the percept has another number of sectors than the options say.</returns>
    public StageStatus Perceive(in EventPacket sample, ref Percept percept, in CycleContext context)
    {
        if (percept.Sectors.Length != _looming.Sectors) return StageStatus.Failed(FailureCode.BadInput);
        _dotie.Detect(sample, context.Dt);
        percept.ClearBoxes();
        foreach (ref readonly var box in _dotie.Boxes) percept.AddBox(in box);
        _looming.Estimate(sample, context.Dt, null, percept.Sectors);
        percept.EventCount = sample.Count;
        return StageStatus.Ok;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        _dotie.AddTo(ref hasher);
        _looming.AddTo(ref hasher);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        _dotie.Freeze(writer);
        _looming.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, $"Stage '{Name}'");
        _dotie.Thaw(ref reader);
        _looming.Thaw(ref reader);
        reader.End();
    }
}
