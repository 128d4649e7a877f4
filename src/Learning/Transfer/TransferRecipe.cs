namespace EdgeAutonomy.Learning;

/// <summary>The network of the transfer experiment and its training.</summary>
public sealed record TransferRecipe
{
    /// <summary>Gets how recordings become steps.</summary>
    public NmnistOptions Data { get; init; } = new() { Steps = 8, StepUs = 39_375 };

    /// <summary>Gets the network.</summary>
    public DigitsOptions Network { get; init; } = new() { Channels = [8, 16, 32], Dropout = 0.2 };

    /// <summary>Gets how many labelled recordings there are, one experiment each.</summary>
    public IReadOnlyList<int> Recordings { get; init; } = [100, 300, 1000];

    /// <summary>Gets the epochs E; an epoch is <see cref="Batches"/> batches, whatever the number of recordings.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Gets the batches of an epoch, B.</summary>
    public int Batches { get; init; } = 25;

    /// <summary>Gets the samples of a batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets the power of the curriculum, above 0.</summary>
    public double Power { get; init; } = 1;

    /// <summary>Gets the largest learning rate.</summary>
    public double LearningRate { get; init; } = 4e-3;

    /// <summary>Gets the test recordings that are drawn where there are no real ones.</summary>
    public int DrawnTests { get; init; } = 500;

    /// <summary>Returns P of a batch.</summary>
    /// <param name="curriculum">The curriculum.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batch">The batch, from 0.</param>
    public double EventShare(TransferCurriculum curriculum, int epoch, int batch) => curriculum switch
    {
        TransferCurriculum.EventsOnly => 1,
        TransferCurriculum.Rising => DeterministicMath.Pow((batch + (double)epoch * Batches) / ((double)Epochs * Batches), Power),
        TransferCurriculum.Constant => 1 / (Power + 1),
        _ => 0,
    };
}
