namespace EdgeAutonomy.Learning;

/// <summary>How a mission policy learns from its own episodes (notes G.5). The defaults are those for MissionWorld; <see cref="AlfWorld"/> has the others.</summary>
public sealed record MissionPpoOptions
{
    /// <summary>Gets the settings for ALFWorld.</summary>
    public static MissionPpoOptions AlfWorld { get; } = new() { MinibatchSteps = 512, LearningRate = 3e-4, AnchorWeight = 0.02, EpisodesPerIteration = 128 };

    /// <summary>Gets over which candidates the policy's probabilities run; default the executable ones.</summary>
    public CandidateSet Set { get; init; } = CandidateSet.Executable;

    /// <summary>Gets the environment episodes in all, at least 1; default 5000.</summary>
    public int Episodes { get; init; } = 5000;

    /// <summary>Gets the episodes per iteration, at least 1; default 64.</summary>
    public int EpisodesPerIteration { get; init; } = 64;

    /// <summary>Gets the episodes that the start policy plays before for the attributor to be fitted on; 0 = none. Default 0; attributors with parameters take 400.</summary>
    public int PreRollouts { get; init; }

    /// <summary>Gets whether those count against <see cref="Episodes"/>; default true.</summary>
    public bool ChargePreRollouts { get; init; } = true;

    /// <summary>Gets γ, in [0, 1]; default 0.99.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>Gets λ, in [0, 1]; default 0.95.</summary>
    public double Lambda { get; init; } = 0.95;

    /// <summary>Gets how far the ratio of probabilities may leave 1 before its gradient is cut, in (0, 1]; default 0.2.</summary>
    public double ClipRange { get; init; } = 0.2;

    /// <summary>Gets how often each iteration's episodes are gone through, at least 1; default 4.</summary>
    public int Epochs { get; init; } = 4;

    /// <summary>Gets the steps per minibatch, at least 1: whole episodes are taken until there are as many. Default 256.</summary>
    public int MinibatchSteps { get; init; } = 256;

    /// <summary>Gets Adam's rate at the start, above 0; it falls in a straight line to 0 at the end. Default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets the bound on the norm of the gradient, above 0; default 0.5.</summary>
    public double ClipNorm { get; init; } = 0.5;

    /// <summary>Gets the weight of the critic's squared error, 0 or more; default 0.5.</summary>
    public double ValueWeight { get; init; } = 0.5;

    /// <summary>Gets the weight of the entropy, which is divided by ln of the number of candidates, 0 or more; default 0.01.</summary>
    public double EntropyWeight { get; init; } = 0.01;

    /// <summary>Gets the weight of KL(π ‖ start policy), 0 or more; default 0.</summary>
    public double AnchorWeight { get; init; }

    /// <summary>Gets whether there is a critic; without one values are 0 and λ counts as 1. Default true.</summary>
    public bool HasCritic { get; init; } = true;

    /// <summary>Gets how many of the latest episodes the attributor is refitted on after each iteration; 0 = it stays as it was fitted first. Default 1500.</summary>
    public int AttributorBuffer { get; init; } = 1500;

    /// <summary>Gets whether the policy's encodings are kept for an attributor that sees them; default false.</summary>
    public bool Encodings { get; init; }

    internal string Description => FormattableString.Invariant($"{Set} {Episodes} {EpisodesPerIteration} {PreRollouts} {ChargePreRollouts} {Discount} {Lambda} {ClipRange} {Epochs} {MinibatchSteps} {LearningRate} ")
        + FormattableString.Invariant($"{ClipNorm} {ValueWeight} {EntropyWeight} {AnchorWeight} {HasCritic} {AttributorBuffer} {Encodings}");

    internal void Check()
    {
        Require(Episodes >= 1, nameof(Episodes), Episodes, "1 or more");
        Require(EpisodesPerIteration >= 1, nameof(EpisodesPerIteration), EpisodesPerIteration, "1 or more");
        Require(PreRollouts >= 0 && (!ChargePreRollouts || PreRollouts < Episodes), nameof(PreRollouts), PreRollouts, $"0 or more, and below Episodes, {Episodes}, where they are charged");
        Require(Discount is >= 0 and <= 1 && Lambda is >= 0 and <= 1, nameof(Discount), $"{Discount} and Lambda {Lambda}", "in [0, 1] each");
        Require(ClipRange is > 0 and <= 1, nameof(ClipRange), ClipRange, "in (0, 1]");
        Require(Epochs >= 1 && MinibatchSteps >= 1, nameof(Epochs), $"{Epochs} and MinibatchSteps {MinibatchSteps}", "1 or more each");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
        Require(ValueWeight >= 0 && EntropyWeight >= 0 && AnchorWeight >= 0 && double.IsFinite(ValueWeight + EntropyWeight + AnchorWeight), nameof(ValueWeight), $"{ValueWeight}, EntropyWeight {EntropyWeight}, AnchorWeight {AnchorWeight}", "finite and 0 or more each");
        Require(AttributorBuffer >= 0, nameof(AttributorBuffer), AttributorBuffer, "0 or more");
    }

    private static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant($"Mission PPO: {name} is {value}; must be {rule}."), name);
    }
}
