using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Charges every decision of another environment: what a policy is judged by where deciding costs.</summary>
/// <remarks>Learners charge decisions themselves (their option DecisionCost), so that the cost may change; do not use both. Not thread-safe; allocation-free.</remarks>
public sealed class CostedEnvironment : IMaskedEnvironment
{
    private readonly IEnvironment _inner;
    private readonly double _cost;

    /// <summary>Makes an environment.</summary>
    /// <param name="inner">The one whose decisions are charged. It belongs to this one from now on.</param>
    /// <param name="cost">What a decision costs, in units of reward; finite and 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is out of its range.</exception>
    public CostedEnvironment(IEnvironment inner, double cost)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!(cost >= 0) || !double.IsFinite(cost)) throw new ArgumentOutOfRangeException(nameof(cost), FormattableString.Invariant($"{inner.Name}: a decision costs {cost}; must be finite and 0 or more."));
        (_inner, _cost) = (inner, cost);
        Name = FormattableString.Invariant($"{inner.Name}-{cost}");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public BoxSpace ObservationSpace => _inner.ObservationSpace;

    /// <inheritdoc/>
    public Space ActionSpace => _inner.ActionSpace;

    /// <inheritdoc/>
    public double TickSeconds => _inner.TickSeconds;

    /// <inheritdoc/>
    public bool IsMasked => _inner is IMaskedEnvironment { IsMasked: true };

    /// <inheritdoc/>
    public void Reset(ulong seed, Span<float> observation) => _inner.Reset(seed, observation);

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        var result = _inner.Step(action, observation);
        return result with { Reward = result.Reward - _cost };
    }

    /// <inheritdoc/>
    public void Allowed(Span<bool> allowed)
    {
        if (_inner is IMaskedEnvironment masked) masked.Allowed(allowed);
        else allowed.Fill(true);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _inner.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => _inner.Thaw(state);
}
