namespace EdgeAutonomy.Learning;

/// <summary>The digits network and its training.</summary>
public sealed record DigitsOptions
{
    /// <summary>Gets how recordings become steps.</summary>
    public NmnistOptions Data { get; init; } = new();

    /// <summary>Gets the channels of the convolutions, each with a stride of 2.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [16, 32, 64];

    /// <summary>Gets the extent of the first convolution's window.</summary>
    public int FirstKernel { get; init; } = 5;

    /// <summary>Gets the extent of the other convolutions' windows.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Gets the neurons' time constant in steps.</summary>
    public double Tau { get; init; } = 2;

    /// <summary>Gets the share of units dropped in front of the last layer.</summary>
    public double Dropout { get; init; } = 0.3;

    /// <summary>Gets how often all samples are seen.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Gets the samples per step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets the largest learning rate.</summary>
    public double LearningRate { get; init; } = 4e-3;

    /// <summary>Gets the weight decay.</summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>Gets the bound on the norm of the gradient.</summary>
    public double ClipNorm { get; init; } = 5;

    /// <summary>Gets the label smoothing.</summary>
    public double Smoothing { get; init; } = 0.05;

    /// <summary>Gets how much firing above <see cref="Rate"/> costs; 0 = nothing.</summary>
    public double RateWeight { get; init; } = 30;

    /// <summary>Gets the spikes per neuron and step from which on firing costs.</summary>
    public double Rate { get; init; } = 0.02;

    /// <summary>Gets how many of the training recordings are held out, chosen by the seed: early exit is calibrated on them. 0 = none.</summary>
    public int HeldOut { get; init; } = 100;

    /// <summary>Gets where a checkpoint of each seed goes, as a folder; null = none.</summary>
    public string? CheckpointFolder { get; init; }
}
