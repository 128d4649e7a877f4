namespace EdgeAutonomy.Learning;

/// <summary>How stepwise progress attribution estimates and pays (notes B.1, C.2; arXiv 2505.20732).</summary>
public sealed record SpaOptions
{
    /// <summary>Gets the paper's own setting: the bonus of 0.5 for every command that can be carried out. For the experiment that shows what it does to an online learner, and for nothing else (notes D.1).</summary>
    public static SpaOptions Paper { get; } = new() { Beta = 0.5, AllowUnsafeGroundingBonus = true };

    /// <summary>Gets α, the weight of the estimated contributions; finite, default 1.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Gets β, what a command that can be carried out earns by that alone; 0 or more, default 0. Above 0 only with <see cref="AllowUnsafeGroundingBonus"/>.</summary>
    public double Beta { get; init; }

    /// <summary>Gets whether β may be above 0, though an online learner then loiters: β per step adds up to more than the goal is worth (notes D.1).</summary>
    public bool AllowUnsafeGroundingBonus { get; init; }

    /// <summary>Gets whether what is left of the return, R − Σ c, is paid in equal parts, so that the sum is R exactly; default false.</summary>
    public bool Residual { get; init; }

    /// <summary>Gets what the estimator sees beside the chosen command; default the view.</summary>
    public AttributorInput Input { get; init; } = AttributorInput.View;

    /// <summary>Gets the units of the hidden layers, behind each a tanh; none = a linear function. Default 64.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    /// <summary>Gets whether a linear estimator is solved for (ridge regression) instead of learned step by step; only without hidden layers. Default false.</summary>
    public bool LeastSquares { get; init; }

    /// <summary>Gets what the squared weights cost in that regression; above 0, default 1e-6.</summary>
    public double Ridge { get; init; } = 1e-6;

    /// <summary>Gets Adam's rate, above 0; default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets the weight decay, 0 or more; default 1e-5.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Gets the bound on the norm of the gradient, above 0; default 1.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One breaks a rule; the message names it, the value and the rule.</exception>
    public void Check()
    {
        Require(double.IsFinite(Alpha), nameof(Alpha), Alpha, "finite");
        Require(Beta >= 0 && double.IsFinite(Beta), nameof(Beta), Beta, "0 or more; a penalty is GroundingPenalty");
        Require(Beta == 0 || AllowUnsafeGroundingBonus, nameof(Beta), Beta, "0: a bonus for merely acting teaches an online learner to loiter until the step limit. Mask what cannot be carried out instead, or set AllowUnsafeGroundingBonus in an experiment");
        Require(Hidden.All(h => h is >= 1 and <= 4096) && Hidden.Count <= 8, nameof(Hidden), string.Join('-', Hidden), "at most 8 layers of 1 to 4096 units");
        Require(!LeastSquares || Hidden.Count == 0, nameof(LeastSquares), LeastSquares, "false where there are hidden layers: only a linear estimator can be solved for");
        Require(Ridge > 0 && double.IsFinite(Ridge), nameof(Ridge), Ridge, "above 0");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "0 or more");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant($"SPA: {name} is {value}; must be {rule}."), name);
    }
}
