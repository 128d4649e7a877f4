namespace EdgeAutonomy.Learning;

/// <summary>How an agent of a control task is made, trained and shipped.</summary>
public sealed record ControlRecipe
{
    /// <summary>Gets the name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it learns and how, one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Gets what makes a fresh environment for validation and test.</summary>
    public required Func<IEnvironment> Environment { get; init; }

    /// <summary>Gets what makes a fresh agent of a seed.</summary>
    public required Func<ulong, IAgent> Agent { get; init; }

    /// <summary>Gets the environment steps of the training.</summary>
    public required long Steps { get; init; }

    /// <summary>Gets every how many of them it is validated.</summary>
    public required long ValidateEvery { get; init; }

    /// <summary>Gets the episodes of a validation.</summary>
    public int ValidationEpisodes { get; init; } = 20;

    /// <summary>Gets the mean return from which on the task counts as solved here.</summary>
    public required double Goal { get; init; }

    /// <summary>Gets how the name of the model file ends.</summary>
    public required string Ending { get; init; }

    /// <summary>Gets what makes the file of an actor.</summary>
    public required Func<IActor, TrainedModel> Export { get; init; }

    /// <summary>Trains an agent and tests it.</summary>
    /// <param name="seed">The seed of the agent and of its episodes.</param>
    /// <param name="quick">Whether a tenth of the steps is enough to see that all works.</param>
    /// <param name="checkpoint">Where the state is kept; null = nowhere.</param>
    /// <param name="progress">What is told how far it is.</param>
    /// <param name="stop">Ends it early.</param>
    public AgentRun Run(ulong seed, bool quick, string? checkpoint, Action<double, string> progress, CancellationToken stop) =>
        new AgentTraining(Agent(seed), Environment(), new AgentTrainingOptions
        {
            Steps = quick ? Math.Max(1, Steps / 10) : Steps, ValidateEvery = ValidateEvery, ValidationEpisodes = ValidationEpisodes, Checkpoint = checkpoint, Progress = progress,
        }).Run(stop);
}
