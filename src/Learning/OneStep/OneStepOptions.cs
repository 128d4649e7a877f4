namespace EdgeAutonomy.Learning;

/// <summary>The one-step network and how it is come by.</summary>
public sealed record OneStepOptions
{
    /// <summary>Gets the channels of the convolutions, each with a stride of 2.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [12, 24, 48];

    /// <summary>Gets the steps of the first network of the chain; each further one has one step less.</summary>
    public int FirstSteps { get; init; } = 5;

    /// <summary>Gets how often all samples are seen, all networks of the chain together; a network trained directly sees them as often.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Gets the share of these epochs that the first network of the chain gets; the others share the rest evenly.</summary>
    public double FirstShare { get; init; } = 0.4;

    /// <summary>Gets the samples per step.</summary>
    public int BatchSize { get; init; } = 25;

    /// <summary>Gets the largest learning rate.</summary>
    public double LearningRate { get; init; } = 4e-3;

    /// <summary>Gets what the rate is multiplied by in the networks of the chain behind the first, which begin with trained weights.</summary>
    public double ChainRate { get; init; } = 0.4;

    /// <summary>Gets the weight decay.</summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>Gets the share of units dropped in front of the last layer.</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>Gets the leak λ that training starts from: what is left of a membrane after a step, above 0, below 1.</summary>
    public double Leak { get; init; } = 0.9;

    /// <summary>Gets which share of the pre-activations lies below the threshold that training starts from.</summary>
    public double Percentile { get; init; } = 0.9;

    /// <summary>Gets how samples are varied while training.</summary>
    public EventAugmentation Augmentation { get; init; } = new();

    /// <summary>Gets how many of the training recordings are used; those of the end of the list are left out.</summary>
    public int Recordings { get; init; } = int.MaxValue;
}
