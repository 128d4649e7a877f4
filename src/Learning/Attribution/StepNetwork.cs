using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>A network over the steps of episodes, [state, event or encoding, chosen command] → number, with its optimiser.</summary>
/// <remarks>The last layer starts at zero, so that an untrained one says 0 for everything. Not thread-safe.</remarks>
internal sealed class StepNetwork : IFreezable
{
    private readonly StepFeatures _features;
    private readonly Adam<float> _optimiser;
    private float[] _rows = [], _gradient = [];

    /// <summary>Makes a network.</summary>
    /// <param name="owner">Whose it is, for error messages.</param>
    /// <param name="features">What it sees.</param>
    /// <param name="hidden">Units of the hidden layers; none = a linear function without bias, a table where the features are one-hot.</param>
    /// <param name="activation">What stands behind the hidden layers.</param>
    /// <param name="decay">Weight decay.</param>
    /// <param name="seed">The seed of the weights.</param>
    public StepNetwork(string owner, StepFeatures features, IReadOnlyList<int> hidden, Activation activation, double decay, ulong seed)
    {
        (Owner, _features) = (owner, features);
        if (hidden.Count == 0)
        {
            Network = new Network<float>([new LinearLayer<float>("progress", new MapSize(Inputs), 1, bias: false)]);
        }
        else
        {
            Network = Perceptron.Build(Inputs, hidden, 1, activation, "progress");
            Perceptron.Orthogonal(Network, RandomStream.For(seed, owner), headGain: 0);
        }
        _optimiser = new Adam<float>(Network.Parameters, weightDecay: decay);
    }

    public string Owner { get; }

    public int Inputs => _features.Width;

    public Network<float> Network { get; }

    /// <summary>Makes room for the features of some steps.</summary>
    public void Begin(int rows)
    {
        Rows = rows;
        if (_rows.Length < rows * Inputs) _rows = new float[rows * Inputs];
        if (_gradient.Length < rows) _gradient = new float[rows];
    }

    public int Rows { get; private set; }

    public Span<float> Gradient => _gradient.AsSpan(0, Rows);

    /// <summary>Writes the features of a step into a row.</summary>
    public void Write(int row, Trajectory t, int step) => _features.Write(t, step, _rows.AsSpan(row * Inputs, Inputs));

    /// <summary>Writes the features of a step.</summary>
    public void Write(Trajectory t, int step, Span<float> to) => _features.Write(t, step, to);

    /// <summary>Returns the outputs of all rows.</summary>
    public ReadOnlySpan<float> Forward(bool training) => Network.Forward(new LayerPass(1, Rows) { Training = training }, _rows.AsSpan(0, Rows * Inputs));

    /// <summary>Makes one step along <see cref="Gradient"/>.</summary>
    /// <exception cref="TrainingDivergedException">The gradient is not finite.</exception>
    public void Step(double rate, double clip)
    {
        Network.ClearGradients();
        Network.Backward(Gradient);
        double norm = GradientNorm.Clip(Network.Parameters, clip);
        if (!double.IsFinite(norm)) throw new TrainingDivergedException(FormattableString.Invariant($"{Owner}, update {_optimiser.Steps + 1}: the norm of the gradient is {norm}. Lower its learning rate, or scale returns and features."));
        _optimiser.Step(rate);
    }

    /// <summary>Runs the network over one episode.</summary>
    public void Run(Trajectory t, Span<float> output)
    {
        Begin(t.Length);
        for (int i = 0; i < t.Length; i++) Write(i, t, i);
        Forward(training: false).CopyTo(output);
    }

    /// <summary>Refuses episodes of another shape.</summary>
    public void Require(Trajectory t) => _features.Require(t);

    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_optimiser.Steps);
        Perceptron.Freeze(w, Network);
        foreach (var (_, values) in _optimiser.State) w.WriteSpan<float>(values);
    }

    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, Owner);
        _optimiser.Steps = r.Read<long>();
        r.Require(_optimiser.Steps >= 0, "a count");
        Perceptron.Thaw(ref r, Network);
        foreach (var (_, values) in _optimiser.State) r.ReadFinite(values, "moments");
        r.End();
    }
}
