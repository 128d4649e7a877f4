using System.Numerics;

namespace EdgeAutonomy.Perception;

/// <summary>A spiking network over points: classifies the sample of one window of events.</summary>
/// <remarks>
/// Every point of every group runs through the same small network; some neurons get the greatest current over the neighbours of a group, later ones over all groups,
/// and the means of the last weights' outputs over the steps are the scores. Layer by layer, so that membranes never leave the registers. Given spikes as inputs the result is
/// the trainer's, bit for bit, on every machine; given currents it differs from it by the rounding of the first products (the trainer fuses them).
/// Allocation-free after construction; not thread-safe.
/// </remarks>
public sealed class PointNetwork
{
    private readonly IReadOnlyList<PointLayer> _layers;
    private readonly PointReadout _readout;
    private readonly byte[] _draws;
    private readonly uint[] _inputs;
    private readonly float[] _currents, _drive, _output;
    private readonly double[] _scores;

    private PointNetwork(PointOptions options, IReadOnlyList<PointLayer> layers, PointReadout readout)
    {
        Options = options;
        Encoder = new PointEncoder(options);
        (_layers, _readout) = (layers, readout);
        _draws = new byte[options.Places * options.Steps];
        _inputs = new uint[options.Steps];
        _drive = new float[layers.Max(l => l.Words) * PointKernel.Block];
        _currents = new float[_drive.Length * options.Steps];
        _output = new float[readout.Classes];
        _scores = new double[readout.Classes];
    }

    /// <summary>Gets the front end's options, as the model states them.</summary>
    public PointOptions Options { get; }

    /// <summary>Gets the front end.</summary>
    public PointEncoder Encoder { get; }

    /// <summary>Gets how many classes there are.</summary>
    public int Classes => _readout.Classes;

    /// <summary>Gets the scores of the last window, [class]: mean outputs over the steps, before any softmax.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>Gets how many spikes the neurons gave for the last window.</summary>
    public long Spikes { get; private set; }

    /// <summary>Gets how many weights were added for the last window: spikes times the neurons they reach, and every product of a current.</summary>
    public long SynapticOperations { get; private set; }

    /// <summary>Makes a network from a graph.</summary>
    /// <param name="graph">The graph, with the metadata of <see cref="PointMetadata"/>.</param>
    /// <exception cref="InvalidDataException">The graph is no point network, or a value is absent, not finite or out of range; the message names the node.</exception>
    public static PointNetwork FromGraph(NirGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var options = PointMetadata.Read(graph.Metadata);
        var (layers, readout) = PointCompiler.Compile(graph, options);
        return new PointNetwork(options, layers, readout);
    }

    /// <summary>Classifies the sample of a window.</summary>
    /// <param name="sample">At most <see cref="PointOptions.Points"/> events, in any order.</param>
    /// <param name="random">The stage's generator, for <see cref="PointInput.Spikes"/>.</param>
    /// <returns>The class with the highest score, the first of equals; −1 where there is no event.</returns>
    public int Classify(ReadOnlySpan<Event> sample, RandomStream random)
    {
        (Spikes, SynapticOperations) = (0, 0);
        Array.Clear(_scores);
        if (!Encoder.Encode(sample)) return -1;
        if (Options.Input == PointInput.Spikes) Encoder.Draw(random, _draws);
        for (int i = 0; i < _layers.Count; i++) Run(_layers[i]);
        ReadOut();
        int best = 0;
        for (int k = 1; k < _scores.Length; k++)
        {
            if (_scores[k] > _scores[best]) best = k;
        }
        return best;
    }

    private void Run(PointLayer layer)
    {
        int steps = Options.Steps, words = layer.Words, size = steps * words;
        long active = 0;
        bool isFirst = layer.Source < 0, drives = isFirst && Options.Input == PointInput.Current;
        var source = isFirst ? null : _layers[layer.Source];
        var skip = layer.Skip < 0 ? null : _layers[layer.Skip];
        int sourceSize = isFirst ? steps : steps * source!.Words;
        for (int p = 0; p < layer.Places; p += layer.Pool)
        {
            var target = layer.Spikes.AsSpan(p / layer.Pool * size, size);
            for (int k = 0; k < layer.Pool; k++)
            {
                ReadOnlySpan<uint> input = default;
                ReadOnlySpan<float> bias = layer.Bias;
                if (drives) bias = Drive(layer, Encoder.Codes.Slice((p + k) * PointEncoder.Features, PointEncoder.Features));
                else if (isFirst) input = Input(p + k);
                else input = source!.Spikes.AsSpan((p + k) * sourceSize, sourceSize);
                var skipped = skip is null ? default : skip.Spikes.AsSpan((p + k) * size, size);
                for (int block = 0; block < words; block++) PointKernel.Sum(layer, block, steps, input, skipped, bias, k > 0, Currents(block));
                foreach (uint w in input) active += BitOperations.PopCount(w);
            }
            for (int block = 0; block < words; block++) PointKernel.Fire(layer, block, steps, Currents(block), target);
            foreach (uint w in target) Spikes += BitOperations.PopCount(w);
        }
        SynapticOperations += (drives ? (long)layer.Places * PointEncoder.Features * steps : active) * layer.Width;
    }

    private Span<float> Currents(int block) => _currents.AsSpan(block * Options.Steps * PointKernel.Block, Options.Steps * PointKernel.Block);

    private ReadOnlySpan<uint> Input(int place)
    {
        int steps = Options.Steps;
        for (int t = 0; t < steps; t++) _inputs[t] = _draws[place * steps + t];
        return _inputs;
    }

    // The current is the same at every step: the products are summed once and stand where the bias stood.
    private ReadOnlySpan<float> Drive(PointLayer layer, ReadOnlySpan<float> code)
    {
        int padded = layer.Words * PointKernel.Block;
        var drive = _drive.AsSpan(0, padded);
        drive.Clear();
        for (int f = 0; f < code.Length; f++) DeterministicMath.Axpy(code[f], layer.Weights.AsSpan(f * padded, padded), drive);
        DeterministicMath.Axpy(1, layer.Bias, drive);
        return drive;
    }

    private void ReadOut()
    {
        var source = _layers[_readout.Source];
        int steps = Options.Steps, words = source.Words, classes = _readout.Classes;
        for (int t = 0; t < steps; t++)
        {
            Array.Clear(_output);
            for (int w = 0; w < words; w++)
            {
                for (uint bits = source.Spikes[t * words + w]; bits != 0; bits &= bits - 1)
                {
                    DeterministicMath.Axpy(1, _readout.Weights.AsSpan((w * 32 + BitOperations.TrailingZeroCount(bits)) * classes, classes), _output);
                    SynapticOperations += classes;
                }
            }
            for (int k = 0; k < classes; k++) _scores[k] += _output[k] + _readout.Bias[k];
        }
        for (int k = 0; k < classes; k++) _scores[k] /= steps;
    }
}
