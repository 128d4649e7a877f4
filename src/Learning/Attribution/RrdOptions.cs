namespace EdgeAutonomy.Learning;

/// <summary>How randomised return decomposition learns (notes C.4; arXiv 2111.13485).</summary>
public sealed record RrdOptions
{
    /// <summary>Gets K, the steps drawn from an episode per update, at least 1; without replacement where K ≤ T. Default 32.</summary>
    public int Draws { get; init; } = 32;

    /// <summary>Gets whether the variance of the draw is taken out of the loss; needs K above 1. Default false, as in the public code.</summary>
    public bool Unbiased { get; init; }

    /// <summary>Gets the units of the hidden layers, behind each a ReLU; none = a linear function. Default 256, 256.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>Gets whether the change of the state, s − s′, is seen; default true.</summary>
    public bool SeesChange { get; init; } = true;

    /// <summary>Gets what the estimator sees beside the chosen command; default the view.</summary>
    public AttributorInput Input { get; init; } = AttributorInput.View;

    /// <summary>Gets Adam's rate, above 0; default 3e-4.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Gets the bound on the norm of the gradient, above 0; default infinite.</summary>
    public double ClipNorm { get; init; } = double.PositiveInfinity;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One breaks a rule; the message names it, the value and the rule.</exception>
    public void Check()
    {
        Require(Draws is >= 1 and <= 1 << 16, nameof(Draws), Draws, "in [1, 65536]");
        Require(!Unbiased || Draws > 1, nameof(Unbiased), Unbiased, "false with one draw: its variance cannot be estimated");
        Require(Hidden.All(h => h is >= 1 and <= 4096) && Hidden.Count <= 8, nameof(Hidden), string.Join('-', Hidden), "at most 8 layers of 1 to 4096 units");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant($"RRD: {name} is {value}; must be {rule}."), name);
    }
}
