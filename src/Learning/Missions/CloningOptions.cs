namespace EdgeAutonomy.Learning;

/// <summary>How a network learns to do as an expert does (notes G.4).</summary>
public sealed record CloningOptions
{
    /// <summary>Gets the episodes that the expert shows, at least 2; default 300.</summary>
    public int Episodes { get; init; } = 300;

    /// <summary>Gets the share of random commands while it shows them, in [0, 1]; default 0.1.</summary>
    public double Noise { get; init; } = 0.1;

    /// <summary>Gets the episodes of a round in which the learner acts and the expert says what it would have done (DAgger, Ross et al. 2011); 0 = no such round. Default 100.</summary>
    public int CorrectedEpisodes { get; init; } = 100;

    /// <summary>Gets the most epochs before and after that round, at least 1; default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Gets after how many epochs without a better validation loss it ends, at least 1; default 3.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Gets the whole episodes per update, at least 1; default 4: some tens of steps, since the memory is learned through time.</summary>
    public int Batch { get; init; } = 4;

    /// <summary>Gets Adam's rate, above 0; default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets the bound on the norm of the gradient, above 0; default 1.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Gets the share of commands that cannot be carried out which are shown beside those that can, drawn per step, in [0, 1]; default 1.</summary>
    public double Negatives { get; init; } = 1;

    /// <summary>Gets the share of the episodes kept for early stopping, in (0, 0.5]; default 0.1.</summary>
    public double Validation { get; init; } = 0.1;

    internal string Description => FormattableString.Invariant($"{Episodes} {Noise} {CorrectedEpisodes} {Epochs} {Patience} {Batch} {LearningRate} {ClipNorm} {Negatives} {Validation}");

    internal void Check()
    {
        Require(Episodes >= 2, nameof(Episodes), Episodes, "2 or more");
        Require(Noise is >= 0 and <= 1, nameof(Noise), Noise, "in [0, 1]");
        Require(CorrectedEpisodes >= 0, nameof(CorrectedEpisodes), CorrectedEpisodes, "0 or more");
        Require(Epochs >= 1 && Patience >= 1 && Batch >= 1, nameof(Epochs), $"{Epochs}, patience {Patience}, batch {Batch}", "1 or more each");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
        Require(Negatives is >= 0 and <= 1, nameof(Negatives), Negatives, "in [0, 1]");
        Require(Validation is > 0 and <= 0.5, nameof(Validation), Validation, "in (0, 0.5]");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant($"Behaviour cloning: {name} is {value}; must be {rule}."), name);
    }
}
