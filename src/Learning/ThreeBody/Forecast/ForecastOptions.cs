namespace EdgeAutonomy.Learning;

/// <summary>How an <see cref="ErrorForecast"/> is trained. The defaults were chosen on the validation seeds 100…199.</summary>
public sealed record ForecastOptions
{
    /// <summary>Gets the environment whose integrator and ladder it is for. Its seed set must hold the training seeds.</summary>
    public ThreeBodyEnvironmentOptions Environment { get; init; } = new ThreeBodyEnvironmentOptions();

    /// <summary>Gets the episodes to learn from, at least 1. Default 500.</summary>
    public int Episodes { get; init; } = 500;

    /// <summary>Gets the checks of each, at least 1. Default 300.</summary>
    public int Checks { get; init; } = 300;

    /// <summary>Gets the error at which no finer rung is tried for a label, above 0. Default 1e-12.</summary>
    public double LabelFloor { get; init; } = 1e-12;

    /// <summary>Gets the range of tolerances that the trajectories keep, as log10: coarse and fine. Default −7 and −11.</summary>
    public (double Coarse, double Fine) PathTolerance { get; init; } = (-7, -11);

    /// <summary>Gets the units of each hidden layer, 0 … 256; 0 = a linear forecast. Default 64.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Gets how often every state is seen, at least 1. Default 30.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Gets the states per update, at least 1. Default 256.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Gets Adam's rate at the start; it falls to 0 along a half cosine. Default 2e-3.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Gets which quantile of the error is foretold, in (0, 1). Default 0.5, the median.</summary>
    public double Quantile { get; init; } = 0.5;

    internal string Description => FormattableString.Invariant($"{Environment.Integrator.Name} {Environment.Ladder[0]} {Environment.Ladder[Environment.Ladder.Count - 1]} {Environment.Ladder.Count} {Episodes} {Checks} {LabelFloor} {PathTolerance} {Hidden} {Epochs} {BatchSize} {LearningRate} {Quantile}");

    internal void Check()
    {
        Environment.Validate();
        Require(Episodes >= 1, nameof(Episodes), Episodes, "1 or more");
        Require(Checks >= 1, nameof(Checks), Checks, "1 or more");
        Require(LabelFloor > 0, nameof(LabelFloor), LabelFloor, "above 0");
        Require(Hidden is >= 0 and <= ErrorForecast.MostHidden, nameof(Hidden), Hidden, $"in [0, {ErrorForecast.MostHidden}]");
        Require(Epochs >= 1, nameof(Epochs), Epochs, "1 or more");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "1 or more");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "finite and above 0");
        Require(Quantile is > 0 and < 1, nameof(Quantile), Quantile, "in (0, 1)");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"Error forecast: {name} is {value}; must be {rule}."));
    }
}
