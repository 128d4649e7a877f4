using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Takes a bounded penalty off another attributor's reward for each command that could not be carried out: r_t −= β·(1 − g_t).</summary>
public sealed class PenalisedAttributor : IReturnAttributor
{
    private readonly IReturnAttributor _inner;
    private readonly GroundingPenalty _penalty;

    /// <summary>Makes one.</summary>
    /// <param name="inner">What spreads the return; it belongs to this one from now on.</param>
    /// <param name="penalty">How much, within its bounds.</param>
    /// <exception cref="ArgumentException">The penalty is above a bound.</exception>
    public PenalisedAttributor(IReturnAttributor inner, GroundingPenalty penalty)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(penalty);
        penalty.Check();
        (_inner, _penalty) = (inner, penalty);
    }

    /// <inheritdoc/>
    public string Id => FormattableString.Invariant($"{_inner.Id} penalty={_penalty.Beta}");

    /// <inheritdoc/>
    public bool IsCausal => _inner.IsCausal;

    /// <inheritdoc/>
    public string Version => FormattableString.Invariant($"{_inner.Version} penalty={_penalty.Beta}");

    /// <inheritdoc/>
    public void Fit(IReadOnlyList<Trajectory> data, in FitOptions options) => _inner.Fit(data, options);

    /// <inheritdoc/>
    public void Attribute(Trajectory trajectory, Span<float> stepReward)
    {
        _inner.Attribute(trajectory, stepReward);
        for (int t = 0; t < stepReward.Length; t++) stepReward[t] -= trajectory.Grounded[t] ? 0 : (float)_penalty.Beta;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _inner.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => _inner.Thaw(state);
}
