namespace EdgeAutonomy.Learning;

/// <summary>How a <see cref="DoubleDqn"/> learns. The defaults are the project's preset for CartPole; <see cref="Zoo"/> is the one of RL Baselines3 Zoo.</summary>
public sealed record DoubleDqnOptions
{
    /// <summary>Gets the settings of RL Baselines3 Zoo for CartPole-v1 (plain DQN), as run with Stable-Baselines3 2.4.1 over 50 000 steps.</summary>
    public static DoubleDqnOptions Zoo { get; } = new()
    {
        DoubleEstimation = false, Hidden = [256, 256], LearningRate = 2.3e-3, ReplayCapacity = 100_000, TrainEvery = 256, UpdatesPerTraining = 128, TargetEvery = 10,
        TargetShare = 1, ExplorationSteps = 8_000, ExplorationEnd = 0.04,
    };

    /// <summary>Gets the units of the hidden layers, each followed by a ReLU; at least one. Default 128, 128.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128, 128];

    /// <summary>Gets Adam's rate, above 0; default 5e-4.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Gets the transitions per update, at least 1; default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Gets how many transitions are kept; default 40 000.</summary>
    public int ReplayCapacity { get; init; } = 40_000;

    /// <summary>Gets the environment steps before the first update, at least 1; default 1000.</summary>
    public int LearningStarts { get; init; } = 1000;

    /// <summary>Gets every how many environment steps (of all copies together) updates are made, at least 1; default 1.</summary>
    public int TrainEvery { get; init; } = 1;

    /// <summary>Gets how many updates are made then, at least 1; default 1.</summary>
    public int UpdatesPerTraining { get; init; } = 1;

    /// <summary>Gets every how many environment steps the target network is moved, at least 1; default 1.</summary>
    public int TargetEvery { get; init; } = 1;

    /// <summary>Gets how far it is moved towards the learning one, in (0, 1]; 1 = a copy. Default 0.005.</summary>
    public double TargetShare { get; init; } = 0.005;

    /// <summary>Gets the discount per tick, in [0, 1]; default 0.99.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>Gets the share of random actions at the start, in [0, 1]; default 1.</summary>
    public double ExplorationStart { get; init; } = 1;

    /// <summary>Gets the share of random actions in the end, in [0, 1]; default 0.02.</summary>
    public double ExplorationEnd { get; init; } = 0.02;

    /// <summary>Gets over how many environment steps the share falls, in a straight line and across episodes; at least 1. Default 8000.</summary>
    public int ExplorationSteps { get; init; } = 8_000;

    /// <summary>Gets whether the learning network chooses the next action and the target network only values it (van Hasselt et al. 2016).</summary>
    public bool DoubleEstimation { get; init; } = true;

    /// <summary>Gets over how many decisions rewards are added up, 1 … 64; default 1.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Gets whether transitions with large errors are drawn more often (Schaul et al. 2016).</summary>
    public bool Prioritised { get; init; }

    /// <summary>Gets how far importance weights undo the priorities at the start, in [0, 1]; it rises to 1 over <see cref="CorrectionSteps"/>. Default 0.4.</summary>
    public double CorrectionStart { get; init; } = 0.4;

    /// <summary>Gets over how many environment steps that rises, at least 1; default 40 000.</summary>
    public int CorrectionSteps { get; init; } = 40_000;

    /// <summary>Gets the error from which on the loss is linear (Huber), above 0; default 1.</summary>
    public double HuberThreshold { get; init; } = 1;

    /// <summary>Gets the bound on the norm of the gradient, above 0; infinite = none. Default 10.</summary>
    public double ClipNorm { get; init; } = 10;

    /// <summary>Gets what each decision costs, in units of reward, 0 or more; default 0. It is charged when transitions are drawn, so it may change on resuming.</summary>
    public double DecisionCost { get; init; }

    /// <summary>Gets what energy costs; by default nothing.</summary>
    public EnergyBudget Energy { get; init; } = new();

    /// <summary>Gets K, how many durations each action has (action index = action · K + rung), at least 1; default 1. Above 1, half of the random actions draw the rung uniformly
    /// and half so that every rung gets the same share of the ticks.</summary>
    public int Rungs { get; init; } = 1;

    /// <summary>Gets the settings that stored state depends on; part of the hash in checkpoints.</summary>
    internal string Description => FormattableString.Invariant($"{string.Join('-', Hidden)} {LearningRate} {BatchSize} {ReplayCapacity} {LearningStarts} {TrainEvery} {UpdatesPerTraining} ")
        + FormattableString.Invariant($"{TargetEvery} {TargetShare} {Discount} {ExplorationStart} {ExplorationEnd} {ExplorationSteps} {DoubleEstimation} {Steps} {Prioritised} {CorrectionStart} {CorrectionSteps} {HuberThreshold} {ClipNorm} {Rungs} {Energy.Description}");

    internal void Check()
    {
        Require(Hidden.Count > 0 && Hidden.All(h => h >= 1), nameof(Hidden), string.Join(", ", Hidden), "at least one number of 1 or more");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "finite and above 0");
        (string, int)[] counts =
        [
            (nameof(BatchSize), BatchSize), (nameof(ReplayCapacity), ReplayCapacity), (nameof(LearningStarts), LearningStarts), (nameof(TrainEvery), TrainEvery),
            (nameof(UpdatesPerTraining), UpdatesPerTraining), (nameof(TargetEvery), TargetEvery), (nameof(ExplorationSteps), ExplorationSteps), (nameof(CorrectionSteps), CorrectionSteps), (nameof(Rungs), Rungs),
        ];
        foreach (var (name, value) in counts) Require(value >= 1, name, value, "1 or more");
        Require(TargetShare is > 0 and <= 1, nameof(TargetShare), TargetShare, "in (0, 1]");
        foreach (var (name, value) in new[] { (nameof(ExplorationStart), ExplorationStart), (nameof(ExplorationEnd), ExplorationEnd), (nameof(CorrectionStart), CorrectionStart) })
        {
            Require(value is >= 0 and <= 1, name, value, "in [0, 1]");
        }
        Require(HuberThreshold > 0, nameof(HuberThreshold), HuberThreshold, "above 0");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
        ArgumentNullException.ThrowIfNull(Energy);
        Require(DecisionCost >= 0 && double.IsFinite(DecisionCost), nameof(DecisionCost), DecisionCost, "finite and 0 or more");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"Double DQN: {name} is {value}; must be {rule}."));
    }
}
