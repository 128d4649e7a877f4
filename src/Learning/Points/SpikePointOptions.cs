using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>The point network and its training.</summary>
public sealed record SpikePointOptions
{
    /// <summary>Gets the front end.</summary>
    public PointOptions Points { get; init; } = new() { Groups = 48, Neighbours = 12 };

    /// <summary>Gets the widths: of the points, of the groups, of the window. Each doubles in the paper.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [32, 64, 128];

    /// <summary>Gets the neurons' time constant in steps.</summary>
    public double Tau { get; init; } = 2;

    /// <summary>Gets which share of the currents lies below the threshold that training starts from. The greatest of dozens of currents would pass a fixed threshold nearly always, and say nothing.</summary>
    public double Percentile { get; init; } = 0.8;

    /// <summary>Gets the share of units dropped in front of the last layer.</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>Gets how often all samples are seen.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Gets the samples per step.</summary>
    public int BatchSize { get; init; } = 25;

    /// <summary>Gets the largest learning rate.</summary>
    public double LearningRate { get; init; } = 5e-3;

    /// <summary>Gets the weight decay.</summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>Gets how samples are varied while training.</summary>
    public EventAugmentation Augmentation { get; init; } = new();

    /// <summary>Gets how many of the training recordings are used; those of the end of the list are left out.</summary>
    public int Recordings { get; init; } = int.MaxValue;
}
