namespace EdgeAutonomy.Learning;

/// <summary>A network of the temporal-motif task and its training.</summary>
/// <remarks>Two layers of synapses, LIF neurons between them, leaky integrators behind. Defaults were chosen on validation samples of seeds from 1000 on.</remarks>
public sealed record DelayRecipe
{
    /// <summary>Gets the task.</summary>
    public MotifOptions Task { get; init; } = new();

    /// <summary>Gets what is known of delays.</summary>
    public DelayKind Kind { get; init; } = DelayKind.Learned;

    /// <summary>Gets the hidden neurons.</summary>
    public int Hidden { get; init; } = 8;

    /// <summary>Gets the delays that a synapse may have: 0 … taps − 1 steps.</summary>
    public int Taps { get; init; } = 25;

    /// <summary>Gets the membranes' time constant in steps.</summary>
    public double Tau { get; init; } = 2;

    /// <summary>Gets the readout's time constant in steps.</summary>
    public double ReadoutTau { get; init; } = 5;

    /// <summary>Gets what the usual initial weights are multiplied by, so that neurons fire from the first epoch on.</summary>
    public double Gain { get; init; } = 3;

    /// <summary>Gets the training samples per epoch; every epoch draws new ones.</summary>
    public int Samples { get; init; } = 1000;

    /// <summary>Gets the test samples.</summary>
    public int TestSamples { get; init; } = 1000;

    /// <summary>Gets the epochs.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Gets the samples per step of the training.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets the largest learning rate of weights.</summary>
    public double LearningRate { get; init; } = 2e-2;

    /// <summary>Gets the largest learning rate of delays, in steps of time (the paper's is 0.1).</summary>
    public double DelayRate { get; init; } = 0.3;

    /// <summary>Gets how many epochs the weights are trained on for once the delays are rounded.</summary>
    public int RoundedEpochs { get; init; } = 10;

    /// <summary>Gets the weight decay.</summary>
    public double WeightDecay { get; init; } = 1e-5;
}
