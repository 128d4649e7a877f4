using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Runs a dense network on frames of events and gives its outputs as sector estimates, for the policies that work on those.</summary>
/// <remarks>
/// As <see cref="DensePerceiver"/>; the outputs are found by name, each with one number per sector from left to right: "time_to_contact" (seconds; not positive = nothing
/// approaches), and, where the network has them, "confidence" (clamped to [0, 1]; 1 where absent) and "range" (metres; NaN where absent). There are no boxes.
/// </remarks>
public sealed class DenseSectorPerceiver : IPerceiver<EventPacket, Percept>, IFreezable, IPayload, IDisposable
{
    private readonly EventNetwork _network;
    private readonly int _contact, _confidence, _range, _sectors;
    private readonly float[] _bearing;
    private readonly int[] _counts;
    private readonly int _width;

    /// <summary>Makes a perceiver; it owns the engine from here on.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="options">The camera and how frames are drawn; null = defaults.</param>
    /// <param name="name">The stage's name, unique in its loop.</param>
    /// <exception cref="InvalidDataException">The network takes or gives something else.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or the image does not fit the camera.</exception>
    public DenseSectorPerceiver(IInferenceEngine engine, DensePerceiverOptions? options = null, string name = "perceive")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        options ??= new DensePerceiverOptions();
        _network = new EventNetwork(engine, options);
        _contact = engine.FindOutput("time_to_contact");
        _confidence = engine.FindOutput("confidence");
        _range = engine.FindOutput("range");
        if (_contact < 0) throw new InvalidDataException($"The network gives {string.Join(", ", engine.Outputs)}; it needs an output 'time_to_contact' with one number per sector.");
        _sectors = engine.Outputs[_contact].Count;
        _width = options.Camera.Width;
        if (_sectors > 64 || _sectors > _width) throw new InvalidDataException($"The network gives {_sectors} sectors; the most are 64 and the camera's {_width} columns.");
        foreach (int other in (int[])[_confidence, _range])
        {
            if (other >= 0 && engine.Outputs[other].Count != _sectors) throw new InvalidDataException($"The network gives {engine.Outputs[other]} for {_sectors} sectors; each output has one number per sector.");
        }
        _counts = new int[_sectors];
        _bearing = new float[_sectors];
        for (int s = 0; s < _sectors; s++) _bearing[s] = (float)options.Camera.Bearing((s + 0.5) * _width / _sectors - 0.5);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets whether a replay may compute the percepts again; false where another machine may choose another engine for the same configuration.</summary>
    public bool IsReplayedExactly { get; init; } = true;

    /// <inheritdoc/>
    public StageReplay Replay => IsReplayedExactly && _network.Engine.IsReproducible ? StageReplay.Exact : StageReplay.FromLog;

    /// <summary>Gets the engine, for its name, version and providers.</summary>
    public IInferenceEngine Engine => _network.Engine;

    /// <summary>Makes a percept of the right size for this perceiver.</summary>
    public Percept CreatePercept() => new(_sectors);

    /// <inheritdoc/>
    /// <returns>Ok; Failed(BadInput) when the packet is of another sensor or the percept of another size; Failed(NotFinite) when the network gives NaN or infinity.</returns>
    public StageStatus Perceive(in EventPacket sample, ref Percept percept, in CycleContext context)
    {
        if (percept.Sectors.Length != _sectors) return StageStatus.Failed(FailureCode.BadInput);
        var status = _network.Run(sample);
        if (!status.HasOutput) return status;
        Count(sample.Events);
        float perSecond = sample.EndUs > sample.StartUs ? 1e6f / (sample.EndUs - sample.StartUs) : 0;
        var contact = _network.Engine.Output(_contact);
        for (int s = 0; s < _sectors; s++)
        {
            percept.Sectors[s] = new SectorEstimate
            {
                Bearing = _bearing[s],
                TimeToContact = contact[s] > 0 ? contact[s] : float.PositiveInfinity,
                Confidence = _confidence < 0 ? 1 : Math.Clamp(_network.Engine.Output(_confidence)[s], 0, 1),
                Range = _range < 0 ? float.NaN : _network.Engine.Output(_range)[s],
                EventRate = _counts[s] * perSecond,
            };
        }
        percept.ClearBoxes();
        percept.EventCount = sample.Count;
        return status;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher) => _network.AddTo(ref hasher);

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _network.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => _network.Thaw(state);

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private void Count(ReadOnlySpan<Event> events)
    {
        Array.Clear(_counts);
        foreach (ref readonly var e in events)
        {
            if (e.X < _width) _counts[e.X * _sectors / _width]++;
        }
    }
}
