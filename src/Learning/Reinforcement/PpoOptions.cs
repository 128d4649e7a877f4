namespace EdgeAutonomy.Learning;

/// <summary>How a <see cref="Ppo"/> learns. The defaults are those of Stable-Baselines3 2.4.1; <see cref="CartPoleZoo"/> is the preset of RL Baselines3 Zoo.</summary>
public sealed record PpoOptions
{
    /// <summary>Gets the settings of RL Baselines3 Zoo for CartPole-v1, for 8 copies and 100 000 steps.</summary>
    public static PpoOptions CartPoleZoo { get; } = new()
    {
        RolloutSteps = 32, BatchSize = 256, Epochs = 20, Lambda = 0.8, Discount = 0.98, LearningRate = 1e-3, LearningRateEnd = 0, ClipRange = 0.2, ClipRangeEnd = 0, ScheduleSteps = 100_000,
    };

    /// <summary>Gets the units of the hidden layers of actor and critic, which are separate; at least one. Default 64, 64.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>Gets what stands behind each hidden layer; default tanh.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Gets Adam's rate at the start, above 0; default 3e-4.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Gets Adam's rate after <see cref="ScheduleSteps"/>, in a straight line, 0 or more; NaN = that of the start. Default NaN.</summary>
    public double LearningRateEnd { get; init; } = double.NaN;

    /// <summary>Gets how far the ratio of probabilities may leave 1 before its gradient is cut, in (0, 1]; default 0.2.</summary>
    public double ClipRange { get; init; } = 0.2;

    /// <summary>Gets that range after <see cref="ScheduleSteps"/>, in a straight line, 0 or more; NaN = that of the start. Default NaN.</summary>
    public double ClipRangeEnd { get; init; } = double.NaN;

    /// <summary>Gets over how many environment steps the schedules run, at least 1; default 1 000 000.</summary>
    public long ScheduleSteps { get; init; } = 1_000_000;

    /// <summary>Gets the steps of every copy between two updates, at least 1; default 2048.</summary>
    public int RolloutSteps { get; init; } = 2048;

    /// <summary>Gets the samples per minibatch, at least 1; a last smaller one is learned from too. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Gets how often each rollout is gone through, at least 1; default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Gets the discount per tick, in [0, 1]; default 0.99.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>Gets λ of the advantages, per decision, in [0, 1]; default 0.95.</summary>
    public double Lambda { get; init; } = 0.95;

    /// <summary>Gets the weight of the entropy, 0 or more; default 0.</summary>
    public double EntropyWeight { get; init; }

    /// <summary>Gets the weight of the critic's squared error, above 0; default 0.5.</summary>
    public double ValueWeight { get; init; } = 0.5;

    /// <summary>Gets the bound on the norm of all gradients together, above 0; infinite = none. Default 0.5.</summary>
    public double ClipNorm { get; init; } = 0.5;

    /// <summary>Gets whether the advantages of a minibatch are centred and divided by their deviation; default true.</summary>
    public bool ScaleAdvantages { get; init; } = true;

    /// <summary>Gets the divergence from which on a rollout's updates end (above 1.5 times this, estimated as (ρ − 1) − ln ρ); infinite = never. Default infinite.</summary>
    public double TargetDivergence { get; init; } = double.PositiveInfinity;

    /// <summary>Gets whether observations are scaled by their running mean and deviation; the statistics belong to the actor.</summary>
    public bool ScaleObservations { get; init; }

    /// <summary>Gets whether rewards are divided by the running deviation of the discounted return.</summary>
    public bool ScaleRewards { get; init; }

    /// <summary>Gets K where actions are [action · K + rung] and the network is to give one value per action and one per rung, whose sum is the choice's; default 1 = one value per choice.</summary>
    public int Rungs { get; init; } = 1;

    /// <summary>Gets what is thought of the choices before anything is learned: the first biases of the network's last linear layer, one per action and then one per rung where there are rungs; empty = all 0. Default empty.</summary>
    /// <remarks>Early in training motions are poor at every rung, so only the cost of deciding speaks: without a prior the choice of rungs collapses onto the longest before a good motion is known there.</remarks>
    public IReadOnlyList<double> Prior { get; init; } = [];

    /// <summary>Gets what each decision costs, in units of reward, 0 or more; default 0.</summary>
    public double DecisionCost { get; init; }

    /// <summary>Gets what energy costs; by default nothing.</summary>
    public EnergyBudget Energy { get; init; } = new();

    /// <summary>Gets the settings that stored state depends on; part of the hash in checkpoints.</summary>
    internal string Description => FormattableString.Invariant($"{string.Join('-', Hidden)} {Activation} {LearningRate} {LearningRateEnd} {ClipRange} {ClipRangeEnd} {ScheduleSteps} {RolloutSteps} {BatchSize} {Epochs} {Discount} ")
        + FormattableString.Invariant($"{Lambda} {EntropyWeight} {ValueWeight} {ClipNorm} {ScaleAdvantages} {TargetDivergence} {ScaleObservations} {ScaleRewards} {DecisionCost} {Rungs} {string.Join('+', Prior)} {Energy.Description}");

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Energy);
        Require(Hidden.Count > 0 && Hidden.All(h => h >= 1), nameof(Hidden), string.Join(", ", Hidden), "at least one number of 1 or more");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "finite and above 0");
        Require(double.IsNaN(LearningRateEnd) || LearningRateEnd >= 0 && double.IsFinite(LearningRateEnd), nameof(LearningRateEnd), LearningRateEnd, "NaN, or finite and 0 or more");
        Require(ClipRange is > 0 and <= 1, nameof(ClipRange), ClipRange, "in (0, 1]");
        Require(double.IsNaN(ClipRangeEnd) || ClipRangeEnd is >= 0 and <= 1, nameof(ClipRangeEnd), ClipRangeEnd, "NaN, or in [0, 1]");
        Require(Prior.All(double.IsFinite), nameof(Prior), Prior.Count, "finite numbers");
        foreach (var (name, value) in new (string, long)[] { (nameof(ScheduleSteps), ScheduleSteps), (nameof(RolloutSteps), RolloutSteps), (nameof(BatchSize), BatchSize), (nameof(Epochs), Epochs), (nameof(Rungs), Rungs) }) Require(value >= 1, name, value, "1 or more");
        foreach (var (name, value) in new[] { (nameof(Discount), Discount), (nameof(Lambda), Lambda) }) Require(value is >= 0 and <= 1, name, value, "in [0, 1]");
        foreach (var (name, value) in new[] { (nameof(EntropyWeight), EntropyWeight), (nameof(DecisionCost), DecisionCost) }) Require(value >= 0 && double.IsFinite(value), name, value, "finite and 0 or more");
        Require(ValueWeight > 0 && double.IsFinite(ValueWeight), nameof(ValueWeight), ValueWeight, "finite and above 0");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
        Require(TargetDivergence > 0, nameof(TargetDivergence), TargetDivergence, "above 0");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"PPO: {name} is {value}; must be {rule}."));
    }
}
