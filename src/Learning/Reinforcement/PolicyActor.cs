using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>A network with a distribution over actions behind it, and the scaling of observations in front: what PPO trains.</summary>
/// <remarks>Not thread-safe; acting is allocation-free after the first call.</remarks>
public sealed class PolicyActor : IActor
{
    private readonly int _width, _rungs;
    private readonly IReadOnlyList<int> _hidden;
    private readonly Activation _activation;
    private readonly Space _actions;
    private readonly float[] _scaled;

    internal PolicyActor(int observationWidth, IReadOnlyList<int> hidden, Activation activation, Space actions, bool scales, int rungs = 1)
    {
        (_width, _hidden, _activation, _actions, _rungs) = (observationWidth, hidden, activation, actions, rungs);
        Head = PolicyHead.For(actions);
        Network = Perceptron.Build(observationWidth, hidden, Head.Outputs, activation, "policy", rungs);
        Scaling = scales ? new RunningMoments(observationWidth) : null;
        _scaled = new float[observationWidth];
    }

    /// <summary>Gets the network: logits of discrete actions, means of continuous ones.</summary>
    public Network<float> Network { get; }

    /// <summary>Gets the statistics that observations are scaled by; null = they go in as they are.</summary>
    public RunningMoments? Scaling { get; }

    internal PolicyHead Head { get; }

    /// <summary>Computes the network's outputs for one observation; valid until the next call.</summary>
    /// <param name="observation">What is seen, unscaled.</param>
    /// <exception cref="ArgumentException">The observation has another length.</exception>
    public ReadOnlySpan<float> Outputs(ReadOnlySpan<float> observation)
    {
        if (observation.Length != _width) throw new ArgumentException($"The actor takes observations of {_width} numbers, {observation.Length} are given.", nameof(observation));
        if (Scaling is null) return Network.Forward(new LayerPass(1, 1), observation);
        Scaling.Scale(observation, _scaled);
        return Network.Forward(new LayerPass(1, 1), _scaled);
    }

    /// <inheritdoc/>
    public void Act(ReadOnlySpan<float> observation, ReadOnlySpan<bool> allowed, Span<float> action) => Head.Best(Outputs(observation), allowed, action);

    /// <inheritdoc/>
    public IActor Copy()
    {
        var copy = new PolicyActor(_width, _hidden, _activation, _actions, Scaling is not null, _rungs);
        Perceptron.MoveTowards(copy.Network, Network, 1);
        for (int i = 0; i < Head.Parameters.Count; i++) Head.Parameters[i].Value.CopyTo(copy.Head.Parameters[i].Value, 0);
        if (Scaling is not null) copy.Scaling!.CopyFrom(Scaling);
        return copy;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        Perceptron.Freeze(w, Network);
        foreach (var p in Head.Parameters) w.WriteSpan<float>(p.Value);
        if (Scaling is not null) StatePart.Write(w, Scaling);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "policy");
        Perceptron.Thaw(ref r, Network);
        foreach (var p in Head.Parameters) r.ReadFinite(p.Value, "weights");
        Scaling?.Thaw(r.ReadBytes());
        r.End();
    }
}
