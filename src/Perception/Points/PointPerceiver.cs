using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Classifies overlapping windows of an event stream with a point network, whatever the period of the loop is.</summary>
/// <remarks>
/// Every packet is taken into the open windows; when several windows end within it, the newest one is classified, the others are passed over and counted, so a call
/// runs the network at most once. In between, the percept repeats the last answer. Loop thread only; allocates nothing after construction.
/// </remarks>
public sealed class PointPerceiver : IPerceiver<EventPacket, PointPercept>, IFreezable, IPayload
{
    private readonly PointWindows _windows;
    private readonly PointReservoir _newest;
    private readonly RandomStream _random;
    private readonly PointPercept _last;

    /// <summary>Makes a perceiver.</summary>
    /// <param name="network">The network; owned by this perceiver from now on.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="name">The stage's name, unique in its loop.</param>
    public PointPerceiver(PointNetwork network, ulong seed, string name = "points")
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Network, Name) = (network, name);
        _random = RandomStream.For(seed, name);
        _windows = new PointWindows(network.Options, _random);
        _newest = new PointReservoir(network.Options.Points);
        _last = CreatePercept();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the network.</summary>
    public PointNetwork Network { get; }

    /// <summary>Gets the windows, for their counters.</summary>
    public PointWindows Windows => _windows;

    /// <summary>Gets how many windows ended in the same packet as a newer one and were therefore not classified.</summary>
    public long PassedOver { get; private set; }

    /// <summary>Makes a percept of the right size for this perceiver.</summary>
    public PointPercept CreatePercept() => new(Network.Classes);

    /// <inheritdoc/>
    /// <returns>Ok with the answer of the last window that ended, new or not; Failed(BadInput) when the percept has another number of classes.</returns>
    public StageStatus Perceive(in EventPacket sample, ref PointPercept percept, in CycleContext context)
    {
        if (percept.Scores.Length != Network.Classes) return StageStatus.Failed(FailureCode.BadInput);
        int at = 0, ended = 0;
        while (_windows.Next(sample.Events, ref at, sample.EndUs))
        {
            ended++;
            _newest.CopyFrom(_windows.Sample, _windows.Seen);
            (_last.StartUs, _last.EndUs, _last.EventCount) = (_windows.StartUs, _windows.EndUs, _windows.Seen);
        }
        if (ended > 0)
        {
            PassedOver += ended - 1;
            _last.Windows += ended;
            Answer(_last);
        }
        percept.CopyFrom(_last);
        return StageStatus.Ok;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        _windows.AddTo(ref hasher);
        _last.AddTo(ref hasher);
        hasher.Add(PassedOver);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(PassedOver);
        _windows.Freeze(writer);
        _last.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, $"Stage '{Name}'");
        PassedOver = r.Read<long>();
        _windows.Thaw(ref r);
        _last.Thaw(ref r);
        r.End();
    }

    private void Answer(PointPercept percept)
    {
        percept.Class = -1;
        percept.Confidence = 0;
        Array.Clear(percept.Scores);
        if (percept.EventCount < Network.Options.MinimumEvents) return;
        percept.Class = Network.Classify(_newest.Sample, _random);
        Network.Scores.CopyTo(percept.Scores);
        double top = percept.Scores[percept.Class], sum = 0;
        foreach (double s in percept.Scores) sum += DeterministicMath.Exp(s - top);
        percept.Confidence = 1 / sum;
    }
}
