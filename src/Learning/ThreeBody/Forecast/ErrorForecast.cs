using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Learning;

/// <summary>Foretells, from one look at three bodies, the energy error that every rung of a ladder would make in the next interval.</summary>
/// <remarks>
/// <see cref="OrbitFeatures"/> through two hidden layers of ReLUs (or none: a linear forecast) to log10 of the error per rung. Trained by <see cref="ForecastTrainer"/>. Every weighted sum is added up in one order without fused
/// operations: the same bits on every machine. Allocation-free. Not safe for several threads at once.
/// </remarks>
public sealed class ErrorForecast
{
    /// <summary>The most units of a hidden layer.</summary>
    internal const int MostHidden = 256;

    private const string What = "error forecast of the three-body problem";
    private readonly Layer[] _layers;
    private readonly float[] _features;

    internal ErrorForecast(ParameterLadder ladder, int hidden)
    {
        (Ladder, Hidden) = (ladder, hidden);
        _layers = hidden == 0 ? [new Layer(OrbitFeatures.Count, ladder.Count)] : [new Layer(OrbitFeatures.Count, hidden), new Layer(hidden, hidden), new Layer(hidden, ladder.Count)];
        _features = new float[OrbitFeatures.Count];
    }

    private static ReadOnlySpan<byte> Magic => "EDGE3BF1"u8;

    /// <summary>Gets the ladder it was trained for.</summary>
    public ParameterLadder Ladder { get; }

    /// <summary>Gets the units of each of the two hidden layers; 0 = there are none.</summary>
    public int Hidden { get; }

    /// <summary>Reads a forecast from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged or something else.</exception>
    public static ErrorForecast Load(string path)
    {
        var r = new StateReader(StateFile.Load(path, Magic, What).Span, What);
        int rungs = r.ReadInt32(2, 1024), hidden = r.ReadInt32(0, MostHidden);
        var ladder = new double[rungs];
        r.ReadSpan<double>(ladder);
        ErrorForecast forecast;
        try
        {
            forecast = new ErrorForecast(new ParameterLadder(ladder), hidden);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
        foreach (Layer layer in forecast._layers)
        {
            r.ReadFinite(layer.Weights, "weights");
            r.ReadFinite(layer.Bias, "biases");
        }
        r.End();
        return forecast;
    }

    /// <summary>Writes the forecast to a file.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    public void Save(string path)
    {
        var buffer = StateFile.Begin(Magic);
        var w = new StateWriter(buffer);
        w.Write(Ladder.Count);
        w.Write(Hidden);
        var ladder = new double[Ladder.Count];
        for (int i = 0; i < ladder.Length; i++) ladder[i] = Ladder[i];
        w.WriteSpan<double>(ladder);
        foreach (Layer layer in _layers)
        {
            w.WriteSpan<float>(layer.Weights);
            w.WriteSpan<float>(layer.Bias);
        }
        StateFile.Save(path, buffer);
    }

    /// <summary>Foretells the errors of the next interval.</summary>
    /// <param name="state">The bodies.</param>
    /// <param name="lastLogError">log10 of the last interval's error; −16 at the start.</param>
    /// <param name="lastRung">The last interval's rung as a share of the ladder.</param>
    /// <returns>log10 of the error, per rung; valid until the next call.</returns>
    public ReadOnlySpan<float> Predict(in ThreeBodyState state, double lastLogError, double lastRung)
    {
        OrbitFeatures.Write(state, lastLogError, lastRung, _features);
        ReadOnlySpan<float> x = _features;
        for (int i = 0; i < _layers.Length; i++) x = _layers[i].Run(x, rectify: i < _layers.Length - 1);
        return x;
    }

    /// <summary>Takes over the weights of a trained network of the same shape.</summary>
    internal void Take(Network<float> network)
    {
        int at = 0;
        foreach (Layer layer in _layers)
        {
            network.Parameters[at++].Value.CopyTo(layer.Weights, 0);
            network.Parameters[at++].Value.CopyTo(layer.Bias, 0);
        }
        foreach (Layer layer in _layers) layer.Pack();
    }

    /// <summary>Weights [input, output] and bias of a layer, and a copy of them padded to whole registers.</summary>
    private sealed class Layer(int inputs, int outputs)
    {
        private readonly int _width = (outputs + 15) / 16 * 16;
        private float[] _packed = [], _sums = [];

        public float[] Weights { get; } = new float[inputs * outputs];

        public float[] Bias { get; } = new float[outputs];

        public void Pack()
        {
            (_packed, _sums) = (new float[(inputs + 1) * _width], new float[_width]);
            Bias.CopyTo(_packed, 0);
            for (int i = 0; i < inputs; i++) Weights.AsSpan(i * outputs, outputs).CopyTo(_packed.AsSpan((i + 1) * _width));
        }

        // Lanes are outputs, so the order of every sum is that of the inputs, at any width of the registers. Four sums side by side hide that each addition waits for the one before.
        public ReadOnlySpan<float> Run(ReadOnlySpan<float> x, bool rectify)
        {
            if (_packed.Length == 0) Pack();
            int lanes = Vector<float>.Count, from = 0;
            for (; from + (4 * lanes) <= _width; from += 4 * lanes)
            {
                ref float w = ref _packed[from];
                Vector<float> a = At(ref w, 0), b = At(ref w, lanes), c = At(ref w, 2 * lanes), d = At(ref w, 3 * lanes);
                for (int i = 0; i < x.Length; i++)
                {
                    w = ref Unsafe.Add(ref w, _width);
                    var value = new Vector<float>(x[i]);
                    a += At(ref w, 0) * value;
                    b += At(ref w, lanes) * value;
                    c += At(ref w, 2 * lanes) * value;
                    d += At(ref w, 3 * lanes) * value;
                }
                Put(a, from, rectify);
                Put(b, from + lanes, rectify);
                Put(c, from + (2 * lanes), rectify);
                Put(d, from + (3 * lanes), rectify);
            }
            for (; from < _width; from += lanes)
            {
                var sum = new Vector<float>(_packed, from);
                int at = from;
                foreach (float value in x) sum += new Vector<float>(_packed, at += _width) * value;
                Put(sum, from, rectify);
            }
            return _sums.AsSpan(0, outputs);
        }

        // Sound: the packed weights have a row of _width numbers for the bias and for each input, and an index is below _width.
        private static Vector<float> At(ref float row, int index) => Vector.LoadUnsafe(ref Unsafe.Add(ref row, index));

        private void Put(Vector<float> sum, int at, bool rectify) => (rectify ? Vector.Max(sum, Vector<float>.Zero) : sum).CopyTo(_sums, at);
    }
}
