using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Batch normalisation per channel over steps, samples and places: y = γ·(x − μ)/√(σ² + ε) + β.</summary>
/// <remarks>
/// While training μ and σ² are those of the batch, and running means of them are kept for later (σ² there without bias, as in PyTorch). Sums run over blocks of
/// rows and then in float64. Before export it is folded into the weights in front (<see cref="BatchNormFolding"/>). Source: Ioffe and Szegedy 2015.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class BatchNormLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = 256;
    private readonly double[] _sum, _sumOther;
    private readonly T[] _part, _partOther, _mean, _inverse, _a, _b;

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="size">What it takes and gives.</param>
    /// <param name="scale">The initial γ, such as the threshold of the neurons behind.</param>
    /// <param name="momentum">The weight of the newest batch in the running statistics.</param>
    /// <param name="epsilon">ε.</param>
    public BatchNormLayer(string name, MapSize size, double scale = 1, double momentum = 0.1, double epsilon = 1e-5)
        : base(name, size, size)
    {
        int c = size.Channels;
        (InitialScale, Momentum, Epsilon) = (scale, momentum, epsilon);
        Scale = new Parameter<T>(name + ".scale", c) { Decays = false };
        Shift = new Parameter<T>(name + ".shift", c) { Decays = false };
        Scale.Value.AsSpan().Fill(Number(scale));
        RunningMean = new T[c];
        RunningVariance = new T[c];
        RunningVariance.AsSpan().Fill(T.One);
        Parameters = [Scale, Shift];
        Statistics = [(name + ".mean", RunningMean), (name + ".variance", RunningVariance)];
        _sum = new double[c];
        _sumOther = new double[c];
        (_part, _partOther, _mean, _inverse, _a, _b) = (new T[c], new T[c], new T[c], new T[c], new T[c], new T[c]);
    }

    /// <summary>Gets the initial γ.</summary>
    public double InitialScale { get; }

    /// <summary>Gets the weight of the newest batch in the running statistics.</summary>
    public double Momentum { get; }

    /// <summary>Gets ε.</summary>
    public double Epsilon { get; }

    /// <summary>Gets γ per channel.</summary>
    public Parameter<T> Scale { get; }

    /// <summary>Gets β per channel.</summary>
    public Parameter<T> Shift { get; }

    /// <summary>Gets the running μ per channel.</summary>
    public T[] RunningMean { get; }

    /// <summary>Gets the running σ² per channel.</summary>
    public T[] RunningVariance { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, T[] Values)> Statistics { get; }

    /// <inheritdoc/>
    public override void Initialize(CounterRandom random)
    {
        Scale.Value.AsSpan().Fill(Number(InitialScale));
        Shift.Value.AsSpan().Clear();
        RunningMean.AsSpan().Clear();
        RunningVariance.AsSpan().Fill(T.One);
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        int c = Input.Channels;
        if (pass.Training)
        {
            long rows = input.Length / c;
            Array.Clear(_mean);
            Sums(input, default);
            for (int i = 0; i < c; i++) _mean[i] = Number(_sum[i] / rows);
            Sums(input, default); // centred: the difference of two large sums would lose a small variance
            for (int i = 0; i < c; i++)
            {
                double variance = _sumOther[i] / rows;
                _inverse[i] = Number(1 / Math.Sqrt(variance + Epsilon));
                RunningMean[i] = Number((1 - Momentum) * Double(RunningMean[i]) + Momentum * Double(_mean[i]));
                RunningVariance[i] = Number((1 - Momentum) * Double(RunningVariance[i]) + Momentum * variance * rows / Math.Max(1, rows - 1));
            }
        }
        else
        {
            for (int i = 0; i < c; i++)
            {
                _mean[i] = RunningMean[i];
                _inverse[i] = Number(1 / Math.Sqrt(Double(RunningVariance[i]) + Epsilon));
            }
        }
        for (int i = 0; i < c; i++) (_a[i], _b[i]) = (Scale.Value[i] * _inverse[i], Shift.Value[i] - _mean[i] * Scale.Value[i] * _inverse[i]);
        for (int r = 0; r < input.Length; r += c)
        {
            for (int i = 0; i < c; i += Vector<T>.Count)
            {
                Lanes.Store(Lanes.Load<T>(_a, i) * Lanes.Load(input.Slice(r, c), i) + Lanes.Load<T>(_b, i), output.Slice(r, c), i);
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        int c = Input.Channels;
        long rows = input.Length / c;
        Sums(input, outputGradient);
        // dx = γ/σ·(δ − mean δ − (x − μ)/σ²·mean(δ·(x − μ)))
        for (int i = 0; i < c; i++)
        {
            double inverse = Double(_inverse[i]), gain = Double(Scale.Value[i]) * inverse;
            Scale.Gradient[i] += Number(_sumOther[i] * inverse);
            Shift.Gradient[i] += Number(_sum[i]);
            double slope = -gain * inverse * inverse * _sumOther[i] / rows;
            (_part[i], _partOther[i], _b[i]) = (Number(gain), Number(slope), Number(-gain * _sum[i] / rows - slope * Double(_mean[i])));
        }
        if (inputGradient.IsEmpty) return;
        for (int r = 0; r < input.Length; r += c)
        {
            for (int i = 0; i < c; i += Vector<T>.Count)
            {
                Lanes.Store(
                    Lanes.Load<T>(_part, i) * Lanes.Load<T>(outputGradient.Slice(r, c), i) + Lanes.Load<T>(_partOther, i) * Lanes.Load(input.Slice(r, c), i) + Lanes.Load<T>(_b, i),
                    inputGradient.Slice(r, c), i);
            }
        }
    }

    // Sums of δ and of δ·(x − μ) per channel; without δ those of x − μ and (x − μ)².
    private void Sums(ReadOnlySpan<T> input, ReadOnlySpan<T> delta)
    {
        int c = Input.Channels, w = Vector<T>.Count;
        Array.Clear(_sum);
        Array.Clear(_sumOther);
        for (int from = 0; from < input.Length; from += Block * c)
        {
            int to = Math.Min(input.Length, from + Block * c);
            for (int i = 0; i < c; i += w)
            {
                Vector<T> first = Vector<T>.Zero, second = Vector<T>.Zero, mean = Lanes.Load<T>(_mean, i);
                for (int r = from; r < to; r += c)
                {
                    var x = Lanes.Load(input.Slice(r, c), i) - mean;
                    var d = delta.IsEmpty ? x : Lanes.Load(delta.Slice(r, c), i);
                    first += d;
                    second += d * x;
                }
                Lanes.Store(first, _part, i);
                Lanes.Store(second, _partOther, i);
            }
            for (int i = 0; i < c; i++)
            {
                _sum[i] += Double(_part[i]);
                _sumOther[i] += Double(_partOther[i]);
            }
        }
    }
}
