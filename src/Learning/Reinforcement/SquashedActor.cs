using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>What soft actor-critic trains: normal distributions squashed by tanh into the box, one per duration, and probabilities of the durations.</summary>
/// <remarks>
/// The outputs are [rung: means, log σ] and behind them, where there is more than one rung, a logit per rung. Without exploring it takes the most probable allowed rung and tanh of
/// its mean. Not thread-safe; acting is allocation-free after the first call.
/// </remarks>
public sealed class SquashedActor : IActor
{
    private readonly int _width;
    private readonly IReadOnlyList<int> _hidden;
    private readonly Space _space;
    private readonly float[] _scaled, _low, _half;

    internal SquashedActor(int observationWidth, IReadOnlyList<int> hidden, Space space, bool scales)
    {
        (_width, _hidden, _space) = (observationWidth, hidden, space);
        var box = space as BoxSpace ?? (space as HeldSpace)?.Actions ?? throw new ArgumentException($"SAC chooses continuous actions of a box, held or not, and not of {space.GetType().Name}.", nameof(space));
        (ActionWidth, Rungs) = (box.Width, space is HeldSpace held ? held.Rungs : 1);
        (_low, _half, _scaled) = (new float[ActionWidth], new float[ActionWidth], new float[observationWidth]);
        for (int i = 0; i < ActionWidth; i++)
        {
            if (!float.IsFinite(box.Low[i]) || !float.IsFinite(box.High[i]) || box.Low[i] == box.High[i]) throw new ArgumentException(FormattableString.Invariant($"SAC squashes actions into their box; number {i} is bounded by [{box.Low[i]}, {box.High[i]}], which must be finite and wide."), nameof(space));
            (_low[i], _half[i]) = (box.Low[i], (box.High[i] - box.Low[i]) / 2);
        }
        Network = Perceptron.Build(observationWidth, hidden, 2 * ActionWidth * Rungs + (Rungs > 1 ? Rungs : 0), Activation.Relu, "policy");
        Scaling = scales ? new RunningMoments(observationWidth) : null;
    }

    /// <summary>Gets the network.</summary>
    public Network<float> Network { get; }

    /// <summary>Gets the statistics that observations are scaled by; null = they go in as they are.</summary>
    public RunningMoments? Scaling { get; }

    /// <summary>Gets numbers per action, without the rung.</summary>
    public int ActionWidth { get; }

    /// <summary>Gets how many durations there are; 1 = actions are not held.</summary>
    public int Rungs { get; }

    internal int ObservationWidth => _width;

    internal ReadOnlySpan<float> Low => _low;

    internal ReadOnlySpan<float> Half => _half;

    /// <inheritdoc/>
    public void Act(ReadOnlySpan<float> observation, ReadOnlySpan<bool> allowed, Span<float> action)
    {
        if (observation.Length != _width) throw new ArgumentException($"The actor takes observations of {_width} numbers, {observation.Length} are given.", nameof(observation));
        observation.CopyTo(_scaled);
        Scaling?.Scale(observation, _scaled);
        var outputs = Network.Forward(new LayerPass(1, 1), _scaled);
        int rung = Rungs == 1 ? 0 : QNetwork.Largest(outputs[(2 * ActionWidth * Rungs)..], allowed);
        for (int i = 0; i < ActionWidth; i++) action[i] = InBox(i, DeterministicMathF.Tanh(outputs[rung * 2 * ActionWidth + i]));
        if (_space is HeldSpace) action[^1] = rung;
    }

    /// <inheritdoc/>
    public IActor Copy()
    {
        var copy = new SquashedActor(_width, _hidden, _space, Scaling is not null);
        Perceptron.MoveTowards(copy.Network, Network, 1);
        if (Scaling is not null) copy.Scaling!.CopyFrom(Scaling);
        return copy;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        Perceptron.Freeze(w, Network);
        if (Scaling is not null) StatePart.Write(w, Scaling);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "squashed policy");
        Perceptron.Thaw(ref r, Network);
        Scaling?.Thaw(r.ReadBytes());
        r.End();
    }

    /// <summary>Returns a number of [−1, 1] in the box.</summary>
    internal float InBox(int index, float squashed) => _low[index] + (squashed + 1) * _half[index];
}
