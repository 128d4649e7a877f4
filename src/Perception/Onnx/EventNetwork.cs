using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>An engine whose image input takes event frames: what the dense perceivers have in common.</summary>
internal sealed class EventNetwork : IFreezable, IPayload, IDisposable
{
    private readonly DensePerceiverOptions _options;
    private readonly int _image;

    public EventNetwork(IInferenceEngine engine, DensePerceiverOptions options)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Engine = engine;
        _options = options;
        State = new InferenceState(engine);
        _image = -1;
        for (int i = 0; i < engine.Inputs.Count; i++)
        {
            if (State.Carries(i)) continue;
            if (_image >= 0) throw new InvalidDataException($"The network takes {engine.Inputs[_image]} and {engine.Inputs[i]}; one image and states (x and x.next) go in.");
            _image = i;
        }
        if (_image < 0 || engine.Inputs[_image].Shape is not [1, var channels, var rows, var columns])
            throw new InvalidDataException($"The network takes {(_image < 0 ? "no image" : engine.Inputs[_image])}; an image [1, channels, rows, columns] goes in.");
        Frame = new EventFrame(options.Camera.Width, options.Camera.Height, channels, rows, columns, options.Frame, options.Scale);
    }

    public IInferenceEngine Engine { get; }

    public InferenceState State { get; }

    public EventFrame Frame { get; }

    /// <summary>Runs the network on a packet and takes over its state.</summary>
    public StageStatus Run(EventPacket packet)
    {
        // 0 = the source does not know its size; events outside are counted then.
        if ((packet.Width != 0 && packet.Width != _options.Camera.Width) || (packet.Height != 0 && packet.Height != _options.Camera.Height)) return StageStatus.Failed(FailureCode.BadInput);
        Frame.Draw(packet, Engine.Input(_image));
        Engine.Run();
        for (int i = 0; i < Engine.Outputs.Count; i++)
        {
            foreach (float value in Engine.Output(i))
            {
                // The state stays as it was, so that one bad cycle is not the last.
                if (!float.IsFinite(value)) return StageStatus.Failed(FailureCode.NotFinite);
            }
        }
        State.Advance();
        return StageStatus.Ok;
    }

    public void AddTo(ref StateHasher hasher) => State.AddTo(ref hasher);

    public void Freeze(IBufferWriter<byte> writer) => State.Freeze(writer);

    public void Thaw(ReadOnlySpan<byte> state) => State.Thaw(state);

    public void Dispose() => Engine.Dispose();
}
