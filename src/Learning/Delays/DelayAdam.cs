namespace EdgeAutonomy.Learning;

/// <summary>Adam whose rate for delays is stated in steps and does not hang on that of the weights; both follow one schedule.</summary>
/// <remarks>The layers' own ratio of 100 fits the paper's rate of 1e-3 for weights; with a larger one, delays jump by whole steps and nothing settles.</remarks>
internal sealed class DelayAdam : Adam<float>
{
    private readonly double _share;

    /// <summary>Makes an optimiser.</summary>
    /// <param name="parameters">What is changed; delays are those whose rate is scaled.</param>
    /// <param name="rate">The largest rate of the weights.</param>
    /// <param name="delayRate">The largest rate of the delays, in steps of time.</param>
    /// <param name="weightDecay">The weight decay.</param>
    public DelayAdam(IReadOnlyList<Parameter<float>> parameters, double rate, double delayRate, double weightDecay)
        : base(parameters, weightDecay: weightDecay) => _share = delayRate / rate;

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"{base.Description} delays={_share}");

    // The rate that comes in for a parameter is scaled already.
    private protected override void Update(Parameter<float> parameter, float[][] moments, double rate, double decay) =>
        base.Update(parameter, moments, parameter.RateScale == 1 ? rate : rate / parameter.RateScale * _share, decay);
}
