namespace EdgeAutonomy.Learning;

/// <summary>Builds the digits network: convolutions of stride 2, each with normalisation and LIF neurons, then a linear layer into a leaky readout.</summary>
public static class DigitsNetwork
{
    /// <summary>Builds the network without initial values.</summary>
    /// <param name="options">Its extents.</param>
    public static Network<float> Build(DigitsOptions options)
    {
        var layers = new List<Layer<float>>();
        var size = new MapSize(2, NmnistData.Side, NmnistData.Side);
        for (int i = 0; i < options.Channels.Count; i++)
        {
            int kernel = i == 0 ? options.FirstKernel : options.Kernel, number = i + 1;
            // The normalisation has a shift of its own: a bias in front of it would do nothing.
            var conv = new Conv2dLayer<float>($"conv{number}", size, options.Channels[i], new Window2d(kernel, 2, kernel / 2), bias: false);
            size = conv.Output;
            layers.AddRange(conv, new BatchNormLayer<float>($"norm{number}", size), new LifLayer<float>($"lif{number}", size, new LifOptions { Tau = options.Tau }));
        }
        if (options.Dropout > 0) layers.Add(new DropoutLayer<float>("dropout", size, options.Dropout));
        var last = new LinearLayer<float>("fc", size, 10);
        layers.AddRange(last, new ReadoutLayer<float>("readout", last.Output, options.Tau));
        return new Network<float>(layers) { Rates = options.RateWeight > 0 ? new RateRegulariser<float>(options.RateWeight, 0, options.Rate) : null };
    }
}
