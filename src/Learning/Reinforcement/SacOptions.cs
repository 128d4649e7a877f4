namespace EdgeAutonomy.Learning;

/// <summary>How a <see cref="Sac"/> learns. The defaults are those of Stable-Baselines3 2.4.1; <see cref="Pendulum"/> is the preset of RL Baselines3 Zoo.</summary>
public sealed record SacOptions
{
    /// <summary>Gets the settings for Pendulum-v1, 20 000 steps.</summary>
    public static SacOptions Pendulum { get; } = new() { Hidden = [64, 64], LearningRate = 1e-3, ReplayCapacity = 20_000 };

    /// <summary>Gets the units of the hidden layers of actor and critics, each followed by a ReLU; at least one. Default 256, 256.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>Gets Adam's rate for actor, critics and entropy weights, above 0; default 3e-4.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Gets the transitions per update, at least 1; default 256.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Gets how many transitions are kept; default 1 000 000.</summary>
    public int ReplayCapacity { get; init; } = 1_000_000;

    /// <summary>Gets the environment steps with random actions before the first update, at least 1; default 100.</summary>
    public int LearningStarts { get; init; } = 100;

    /// <summary>Gets every how many environment steps (of all copies together) updates are made, at least 1; default 1.</summary>
    public int TrainEvery { get; init; } = 1;

    /// <summary>Gets how many updates are made then, at least 1; default 1.</summary>
    public int UpdatesPerTraining { get; init; } = 1;

    /// <summary>Gets how far the target critics move towards the learning ones per update, in (0, 1]; default 0.005.</summary>
    public double TargetShare { get; init; } = 0.005;

    /// <summary>Gets the discount per tick, in [0, 1]; default 0.99.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>Gets over how many decisions rewards are added up, 1 … 64; default 1.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Gets the first weight of the actions' entropy, above 0; it is learned. Default 1.</summary>
    public double EntropyWeight { get; init; } = 1;

    /// <summary>Gets the first weight of the durations' entropy, above 0; it is learned. Default 1.</summary>
    public double RungEntropyWeight { get; init; } = 1;

    /// <summary>Gets the entropy that actions are steered to; NaN = −(numbers per action). Default NaN.</summary>
    public double TargetEntropy { get; init; } = double.NaN;

    /// <summary>Gets the entropy that durations are steered to, as a share of the largest possible in each state, in [0, 1]; default 0.3.</summary>
    public double RungEntropyShare { get; init; } = 0.3;

    /// <summary>Gets whether the entropy of a decision counts in proportion to the time it is held. Counted per decision, an agent is paid for deciding often. Default true.</summary>
    public bool EntropyByTime { get; init; } = true;

    /// <summary>Gets whether observations are scaled by their running mean and deviation; the statistics belong to the actor.</summary>
    public bool ScaleObservations { get; init; }

    /// <summary>Gets what each decision costs, in units of reward, 0 or more; default 0. It is charged when transitions are drawn, so it may change on resuming.</summary>
    public double DecisionCost { get; init; }

    /// <summary>Gets what energy costs; by default nothing.</summary>
    public EnergyBudget Energy { get; init; } = new();

    /// <summary>Gets the settings that stored state depends on; part of the hash in checkpoints.</summary>
    internal string Description => FormattableString.Invariant($"{string.Join('-', Hidden)} {LearningRate} {BatchSize} {ReplayCapacity} {LearningStarts} {TrainEvery} {UpdatesPerTraining} {TargetShare} {Discount} {Steps} ")
        + FormattableString.Invariant($"{EntropyWeight} {RungEntropyWeight} {TargetEntropy} {RungEntropyShare} {EntropyByTime} {ScaleObservations} {Energy.Description}");

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Energy);
        Require(Hidden.Count > 0 && Hidden.All(h => h >= 1), nameof(Hidden), string.Join(", ", Hidden), "at least one number of 1 or more");
        foreach (var (name, value) in new[] { (nameof(LearningRate), LearningRate), (nameof(EntropyWeight), EntropyWeight), (nameof(RungEntropyWeight), RungEntropyWeight) })
        {
            Require(value > 0 && double.IsFinite(value), name, value, "finite and above 0");
        }
        foreach (var (name, value) in new[] { (nameof(BatchSize), BatchSize), (nameof(LearningStarts), LearningStarts), (nameof(TrainEvery), TrainEvery), (nameof(UpdatesPerTraining), UpdatesPerTraining) }) Require(value >= 1, name, value, "1 or more");
        Require(TargetShare is > 0 and <= 1, nameof(TargetShare), TargetShare, "in (0, 1]");
        Require(!double.IsInfinity(TargetEntropy), nameof(TargetEntropy), TargetEntropy, "NaN or finite");
        Require(RungEntropyShare is >= 0 and <= 1, nameof(RungEntropyShare), RungEntropyShare, "in [0, 1]");
        Require(DecisionCost >= 0 && double.IsFinite(DecisionCost), nameof(DecisionCost), DecisionCost, "finite and 0 or more");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"SAC: {name} is {value}; must be {rule}."));
    }
}
