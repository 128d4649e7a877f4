using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>How a mission policy is made: on which missions, from which expert, with which rewards.</summary>
public sealed record MissionTrainingRecipe
{
    /// <summary>Gets the name on the command line; the model file is called so as well.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it learns and how, one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Gets what makes the missions to learn from. Called when the training starts, with where the data lies: it may be absent before.</summary>
    public required Func<ExperimentContext, IMissionSet> Training { get; init; }

    /// <summary>Gets what makes the missions of the test: the held-out ones of that set, or all where it holds none out.</summary>
    public required Func<ExperimentContext, IMissionSet> Test { get; init; }

    /// <summary>Gets the network's widths.</summary>
    public CandidateNetworkOptions Network { get; init; } = new();

    /// <summary>Gets how the expert is cloned.</summary>
    public CloningOptions Cloning { get; init; } = new();

    /// <summary>Gets how the policy learns from its own episodes.</summary>
    public MissionPpoOptions Ppo { get; init; } = new() { PreRollouts = 400 };

    /// <summary>Gets what makes the attributor for a seed; default the potential of a progress estimator, which cannot move the optimum.</summary>
    public Func<MissionShape, MissionPpoOptions, ulong, IReturnAttributor> Attributor { get; init; } = (shape, ppo, seed) => new PotentialAttributor(new SpaAttributor(shape, new SpaOptions(), seed), ppo.Discount);

    /// <summary>Gets after how many iterations the policy is validated and a checkpoint is written, at least 1; default 5.</summary>
    public int ValidateEvery { get; init; } = 5;

    /// <summary>Gets the missions of a validation, drawn once from those to learn from; at least 1, default 100.</summary>
    public int ValidationEpisodes { get; init; } = 100;

    /// <summary>Gets the missions of the test; at least 1, default 500.</summary>
    public int TestEpisodes { get; init; } = 500;
}
