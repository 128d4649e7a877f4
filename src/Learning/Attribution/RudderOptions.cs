namespace EdgeAutonomy.Learning;

/// <summary>How RUDDER's forecast of the return learns (notes C.3; arXiv 1806.07857).</summary>
public sealed record RudderOptions
{
    /// <summary>Gets the cells of its memory, in [1, 1024]; default 16.</summary>
    public int Cells { get; init; } = 16;

    /// <summary>Gets what it sees beside the chosen command; default the view.</summary>
    public AttributorInput Input { get; init; } = AttributorInput.View;

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
        Require(Cells is >= 1 and <= 1024, nameof(Cells), Cells, "in [1, 1024]");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "0 or more");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant($"RUDDER: {name} is {value}; must be {rule}."), name);
    }
}
