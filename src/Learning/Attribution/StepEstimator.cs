using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>An estimator whose contributions come from one network over the steps of an episode, each step seen by itself.</summary>
public abstract class StepEstimator : IStepEstimator
{
    private readonly StepNetwork _network;
    private readonly Lock _lock = new();
    private long _fits;

    private protected StepEstimator(StepNetwork network) => _network = network;

    /// <inheritdoc/>
    public abstract string Id { get; }

    /// <summary>Gets the network's numbers, layer by layer, weights before bias.</summary>
    internal IReadOnlyList<Parameter<float>> Parameters => _network.Network.Parameters;

    /// <inheritdoc/>
    public abstract bool IsCausal { get; }

    /// <inheritdoc/>
    public string Version => $"{Id} #{_fits}";

    /// <inheritdoc/>
    public void Fit(IReadOnlyList<Trajectory> data, in FitOptions options)
    {
        options.Check(data);
        foreach (var t in data) _network.Require(t);
        Fit(_network, data, options);
        _fits++;
    }

    /// <inheritdoc/>
    public void Estimate(Trajectory trajectory, Span<float> contribution)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        trajectory.Require(contribution.Length);
        _network.Require(trajectory);
        // The network's buffers are shared; a pass takes microseconds, so that a lock costs less than a copy per thread.
        lock (_lock) _network.Run(trajectory, contribution);
    }

    /// <inheritdoc/>
    public abstract void Attribute(Trajectory trajectory, Span<float> stepReward);

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_fits);
        StatePart.Write(w, _network);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, _network.Owner);
        _fits = r.Read<long>();
        r.Require(_fits >= 0, "a count");
        _network.Thaw(r.ReadBytes());
        r.End();
    }

    /// <summary>Learns from episodes that were checked.</summary>
    private protected abstract void Fit(StepNetwork network, IReadOnlyList<Trajectory> data, in FitOptions options);
}
