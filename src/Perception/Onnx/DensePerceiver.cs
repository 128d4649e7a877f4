using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Runs a dense network on frames of events and gives its first output as a feature vector.</summary>
/// <remarks>
/// The network takes one image [1, channels, rows, columns] and, where it has memory, states as <see cref="InferenceState"/> carries them. Whether a replay runs it again
/// or takes its output from the recording follows from the engine (<see cref="IInferenceEngine.IsReproducible"/>). Loop thread only; allocates nothing after construction.
/// </remarks>
public sealed class DensePerceiver : IPerceiver<EventPacket, FeatureVector>, IFreezable, IPayload, IDisposable
{
    private readonly EventNetwork _network;
    private readonly int _output;

    /// <summary>Makes a perceiver; it owns the engine from here on.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="options">The camera and how frames are drawn; null = defaults.</param>
    /// <param name="name">The stage's name, unique in its loop.</param>
    /// <exception cref="InvalidDataException">The network takes or gives something else.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or the image does not fit the camera.</exception>
    public DensePerceiver(IInferenceEngine engine, DensePerceiverOptions? options = null, string name = "perceive")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _network = new EventNetwork(engine, options ?? new DensePerceiverOptions());
        _output = -1;
        for (int i = engine.Outputs.Count - 1; i >= 0; i--)
        {
            if (!engine.Outputs[i].Name.EndsWith(InferenceState.Suffix, StringComparison.Ordinal)) _output = i;
        }
        if (_output < 0) throw new InvalidDataException("The network gives nothing but its next state; it needs an output.");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public StageReplay Replay => _network.Engine.IsReproducible ? StageReplay.Exact : StageReplay.FromLog;

    /// <summary>Gets the engine, for its name, version and providers.</summary>
    public IInferenceEngine Engine => _network.Engine;

    /// <summary>Gets how frames are drawn, for its counter.</summary>
    public EventFrame Frame => _network.Frame;

    /// <summary>Makes a percept of the right size for this perceiver.</summary>
    public FeatureVector CreatePercept() => new(_network.Engine.Outputs[_output].Count);

    /// <inheritdoc/>
    /// <returns>Ok; Failed(BadInput) when the packet is of another sensor or the percept of another size; Failed(NotFinite) when the network gives NaN or infinity.</returns>
    public StageStatus Perceive(in EventPacket sample, ref FeatureVector percept, in CycleContext context)
    {
        if (percept.Values.Length != _network.Engine.Outputs[_output].Count) return StageStatus.Failed(FailureCode.BadInput);
        var status = _network.Run(sample);
        if (!status.HasOutput) return status;
        _network.Engine.Output(_output).CopyTo(percept.Values);
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
}
