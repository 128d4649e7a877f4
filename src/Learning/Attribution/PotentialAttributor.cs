using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Shapes rewards by the running sum of another attributor's contributions, so that no policy's return changes: the default on a robot (notes C.6).</summary>
/// <remarks>With an estimator that says 0 it is <see cref="TerminalAttributor"/>, number by number. The discount must be the learner's.</remarks>
public sealed class PotentialAttributor : IReturnAttributor, IHistoryPotential
{
    private readonly IStepEstimator _estimator;
    private readonly double _discount, _most;

    /// <summary>Makes one.</summary>
    /// <param name="estimator">What estimates contributions; it belongs to this one from now on.</param>
    /// <param name="discount">γ of the learner, in [0, 1].</param>
    /// <param name="largestReturn">R_max, above 0; the potential is kept within twice that.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public PotentialAttributor(IStepEstimator estimator, double discount, double largestReturn = 1)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        if (discount is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(discount), FormattableString.Invariant($"Potential attributor: discount is {discount}; must be in [0, 1] and the learner's."));
        if (!(largestReturn > 0) || !double.IsFinite(largestReturn)) throw new ArgumentOutOfRangeException(nameof(largestReturn), FormattableString.Invariant($"Potential attributor: the largest return is {largestReturn}; must be finite and above 0."));
        (_estimator, _discount, _most) = (estimator, discount, 2 * largestReturn);
    }

    /// <summary>Gets what estimates the contributions.</summary>
    public IStepEstimator Estimator => _estimator;

    /// <summary>Gets γ.</summary>
    public double Discount => _discount;

    /// <inheritdoc/>
    public string Id => FormattableString.Invariant($"potential gamma={_discount} bound={_most} of {_estimator.Id}");

    /// <inheritdoc/>
    public bool IsCausal => false;

    /// <inheritdoc/>
    public string Version => FormattableString.Invariant($"potential gamma={_discount} bound={_most} of {_estimator.Version}");

    /// <inheritdoc/>
    public void Fit(IReadOnlyList<Trajectory> data, in FitOptions options) => _estimator.Fit(data, options);

    /// <inheritdoc/>
    public void Attribute(Trajectory trajectory, Span<float> stepReward)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        trajectory.Require(stepReward.Length);
        Span<double> potential = trajectory.Length < 512 ? stackalloc double[trajectory.Length + 1] : new double[trajectory.Length + 1];
        Span<double> shaped = trajectory.Length < 512 ? stackalloc double[trajectory.Length] : new double[trajectory.Length];
        _estimator.Estimate(trajectory, stepReward);
        PotentialShaping.Sum(stepReward, _most, potential);
        PotentialShaping.Shape(potential, trajectory.Rewards, _discount, !trajectory.Truncated, shaped);
        for (int t = 0; t < stepReward.Length; t++) stepReward[t] = (float)shaped[t];
    }

    /// <inheritdoc/>
    public void Potentials(Trajectory trajectory, Span<float> scaled)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        trajectory.Require(scaled.Length, extra: 1);
        Span<double> potential = trajectory.Length < 512 ? stackalloc double[trajectory.Length + 1] : new double[trajectory.Length + 1];
        _estimator.Estimate(trajectory, scaled[..^1]);
        PotentialShaping.Sum(scaled[..^1], _most, potential);
        for (int t = 0; t < scaled.Length; t++) scaled[t] = (float)(potential[t] / _most);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _estimator.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => _estimator.Thaw(state);
}
