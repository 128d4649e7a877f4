namespace EdgeAutonomy.Learning;

/// <summary>Counts what a network did in its last pass: for every input that is not zero, the weights that it reaches.</summary>
internal static class SynapticOperations
{
    /// <summary>Runs a set through a network and returns spikes and operations per sample.</summary>
    /// <returns>Spikes of all spiking layers; operations of inputs that are 0 or 1 (additions) and of others (products), per sample.</returns>
    public static (double Spikes, double Additions, double Products) PerSample(Network<float> network, ITrainingData data, int batchSize, CancellationToken stop)
    {
        double spikes = 0, additions = 0, products = 0;
        var batch = new float[data.Steps * batchSize * data.Size.Count];
        for (int from = 0; from < data.Count; from += batchSize)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(batchSize, data.Count - from);
            var input = batch.AsSpan(0, data.Steps * count * data.Size.Count);
            for (int i = 0; i < count; i++) data.Fill(from + i, null, i, count, input);
            network.Forward(new LayerPass(data.Steps, count), input);
            Count(network, input, ref spikes, ref additions, ref products);
        }
        return (spikes / data.Count, additions / data.Count, products / data.Count);
    }

    private static void Count(Network<float> network, ReadOnlySpan<float> input, ref double spikes, ref double additions, ref double products)
    {
        for (int i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            var x = i == 0 ? input : network.OutputOf(i - 1);
            if (layer is ResidualLayer<float> block) Count(block.Body, x, ref spikes, ref additions, ref products);
            if (layer is Conv2dLayer<float> or LinearLayer<float>)
            {
                double reached = Reached(layer, x);
                if (IsBinary(x)) additions += reached;
                else products += reached;
            }
            if (layer.Spikes) spikes += NonZero(network.OutputOf(i));
        }
    }

    private static double Reached(Layer<float> layer, ReadOnlySpan<float> x)
    {
        if (layer is not Conv2dLayer<float> conv) return (double)NonZero(x) * layer.Output.Count;
        var map = conv.Input;
        double sum = 0;
        for (int at = 0; at < x.Length; at += map.Channels)
        {
            int place = at / map.Channels % (map.Height * map.Width);
            int windows = Windows(place / map.Width, map.Height, conv.Output.Height, conv.Window) * Windows(place % map.Width, map.Width, conv.Output.Width, conv.Window);
            if (windows > 0) sum += (double)NonZero(x.Slice(at, map.Channels)) * windows * conv.Output.Channels;
        }
        return sum;
    }

    // How many windows along one axis hold a place.
    private static int Windows(int place, int extent, int outputs, Window2d window)
    {
        int n = 0;
        for (int o = 0; o < outputs; o++)
        {
            int offset = place + window.Padding - o * window.Stride;
            if (offset >= 0 && offset < window.Kernel) n++;
        }
        return n;
    }

    private static int NonZero(ReadOnlySpan<float> x)
    {
        int n = 0;
        foreach (float v in x) n += v != 0 ? 1 : 0;
        return n;
    }

    private static bool IsBinary(ReadOnlySpan<float> x)
    {
        foreach (float v in x)
        {
            if (v != 0 && v != 1) return false;
        }
        return true;
    }
}
