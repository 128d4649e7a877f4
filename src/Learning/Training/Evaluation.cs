using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>How a network does on a set of samples.</summary>
/// <param name="Hits">Right answers.</param>
/// <param name="Count">Samples.</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="SpikesPerSample">Spikes of all spiking layers per sample, integer spikes counted by their value.</param>
/// <param name="SpikesPerLayer">The same per spiking layer, from the input on.</param>
/// <param name="Predictions">The answer to each sample.</param>
public sealed record Evaluation(int Hits, int Count, double Loss, double SpikesPerSample, IReadOnlyList<double> SpikesPerLayer, IReadOnlyList<int> Predictions)
{
    /// <summary>Gets the share of right answers.</summary>
    public double Accuracy => Count == 0 ? 0 : (double)Hits / Count;

    /// <summary>Runs a network over all samples as they are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">Its loss, which also says how steps become one score.</param>
    /// <param name="data">The samples.</param>
    /// <param name="batchSize">Samples at a time.</param>
    /// <param name="traces">Takes what came out at every step; null = nobody wants it.</param>
    /// <param name="stop">Ends the work.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static Evaluation Of(Network<float> network, Loss<float> loss, ITrainingData data, int batchSize = 50, ICollection<OutputTrace>? traces = null, CancellationToken stop = default)
    {
        int n = network.Output.Count, hits = 0;
        var spiking = network.Layers.Select((l, i) => (l.Spikes, i)).Where(x => x.Spikes).Select(x => x.i).ToArray();
        var spikes = new double[spiking.Length];
        var predictions = new int[data.Count];
        var batch = new float[data.Steps * Math.Min(batchSize, Math.Max(1, data.Count)) * data.Size.Count];
        double sum = 0;
        for (int from = 0; from < data.Count; from += batchSize)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(batchSize, data.Count - from);
            var input = batch.AsSpan(0, data.Steps * count * data.Size.Count);
            var classes = new int[count];
            var scores = new double[count * n];
            for (int i = 0; i < count; i++)
            {
                data.Fill(from + i, null, i, count, input);
                classes[i] = data.ClassOf(from + i);
            }
            var pass = new LayerPass(data.Steps, count);
            var output = network.Forward(pass, input);
            sum += count * loss.Evaluate(pass, output, new Targets<float>(classes), default, scores);
            for (int i = 0; i < count; i++)
            {
                predictions[from + i] = Largest(scores.AsSpan(i * n, n));
                if (predictions[from + i] == classes[i]) hits++;
                traces?.Add(OutputTrace.Of(output, pass, i, n, classes[i]));
            }
            for (int k = 0; k < spiking.Length; k++) spikes[k] += Sum(network.OutputOf(spiking[k]));
        }
        for (int k = 0; k < spikes.Length; k++) spikes[k] /= Math.Max(1, data.Count);
        return new Evaluation(hits, data.Count, data.Count == 0 ? 0 : sum / data.Count, spikes.Sum(), spikes, predictions);
    }

    /// <summary>Returns the index of the largest number, the first of equals.</summary>
    internal static int Largest(ReadOnlySpan<double> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best]) best = i;
        }
        return best;
    }

    // Spikes are whole numbers: the sum is exact in whatever order while it stays below 2^24 per register lane.
    private static double Sum(ReadOnlySpan<float> values)
    {
        const int Block = 1 << 20;
        double sum = 0;
        for (int from = 0; from < values.Length; from += Block)
        {
            var part = values.Slice(from, Math.Min(Block, values.Length - from));
            var lanes = Vector<float>.Zero;
            for (int i = 0; i < part.Length; i += Vector<float>.Count) lanes += Lanes.Load(part, i);
            sum += Vector.Sum(lanes);
        }
        return sum;
    }
}
