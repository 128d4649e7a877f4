namespace EdgeAutonomy.Learning;

/// <summary>All that can be trained and reproduced here, by name.</summary>
public static class Catalog
{
    /// <summary>Gets the networks that ship.</summary>
    public static IReadOnlyList<ITraining> Trainings { get; } =
    [
        new DigitsModel(),
        new MotionModel(),
        new DelaysTraining(),
        new SpikePointTraining(),
        new OneStepTraining(),
        new ThreeBodyTraining(),
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
        new ThreeBodyExperiment(),
    ];
}
