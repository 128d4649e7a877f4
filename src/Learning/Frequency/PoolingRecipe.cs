namespace EdgeAutonomy.Learning;

/// <summary>The small convolutional network that pools are compared in, and its training.</summary>
public sealed record PoolingRecipe
{
    /// <summary>Gets the channels of the two convolutions.</summary>
    public (int First, int Second) Channels { get; init; } = (8, 16);

    /// <summary>Gets the epochs.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Gets the training samples per epoch; every epoch draws new textures.</summary>
    public int Samples { get; init; } = 800;

    /// <summary>Gets the test samples of textures.</summary>
    public int TestSamples { get; init; } = 800;

    /// <summary>Gets the samples per step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets the largest learning rate.</summary>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>Builds a network: twice convolution, normalisation, LIF neurons and a pool of 3 × 3 with stride 2 (Max-Former's); then a linear layer and leaky integrators.</summary>
    /// <param name="input">What it takes.</param>
    /// <param name="classes">What it tells apart.</param>
    /// <param name="pool">The pools.</param>
    public Network<float> Build(MapSize input, int classes, PoolKind pool)
    {
        // The paper's neurons: tau = 2 steps, input divided by it, hard reset, no gradient through the reset.
        var neurons = new LifOptions { Tau = 2, DecayInput = true };
        var first = new Conv2dLayer<float>("conv1", input, Channels.First, new Window2d(3, 1, 1), bias: false);
        var pool1 = new PoolLayer<float>("pool1", first.Output, pool, new Window2d(3, 2, 1));
        var second = new Conv2dLayer<float>("conv2", pool1.Output, Channels.Second, new Window2d(3, 1, 1), bias: false);
        var pool2 = new PoolLayer<float>("pool2", second.Output, pool, new Window2d(3, 2, 1));
        var last = new LinearLayer<float>("fc", pool2.Output, classes);
        return new Network<float>(
        [
            first, new BatchNormLayer<float>("norm1", first.Output), new LifLayer<float>("lif1", first.Output, neurons), pool1,
            second, new BatchNormLayer<float>("norm2", second.Output), new LifLayer<float>("lif2", second.Output, neurons), pool2,
            last, new ReadoutLayer<float>("readout", last.Output, 2),
        ]);
    }
}
