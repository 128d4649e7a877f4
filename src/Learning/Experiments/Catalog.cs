namespace EdgeAutonomy.Learning;

/// <summary>All that can be trained and reproduced here, by name.</summary>
public static class Catalog
{
    /// <summary>Gets the networks and policies.</summary>
    public static IReadOnlyList<ITraining> Trainings { get; } =
    [
        new DigitsModel(),
        new MotionModel(),
        new DelaysTraining(),
        new SpikePointTraining(),
        new OneStepTraining(),
        new ControlTraining(ControlRecipes.CartPolePpo),
        new ControlTraining(ControlRecipes.CartPoleDqn),
        new ControlTraining(ControlRecipes.PendulumSac),
        new ControlTraining(RoverRecipes.Rover),
        new ControlTraining(RoverRecipes.Pacer),
        new ThreeBodyTraining(),
        new MissionTraining(MissionRecipes.Mission),
        new MissionTraining(MissionRecipes.AlfWorld),
        new ProgressTraining(),
    ];

    /// <summary>Gets the papers' experiments.</summary>
    public static IReadOnlyList<IExperiment> Experiments { get; } =
    [
        new MotionExperiment(),
        new DelayExperiment(),
        new FrequencyExperiment(),
        new TransferExperiment(),
        new EarlyExitExperiment(),
        new SpikePointExperiment(),
        new OneStepExperiment(),
        new LearningCoreExperiment(),
        new SwitchCostExperiment(),
        new ThreeBodyExperiment(),
        new AdaptivePeriodExperiment(),
        new SpaReproduction(),
        new FederatedExperiment(),
    ];
}
