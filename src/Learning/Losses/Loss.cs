using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>What training makes small: a number per batch, and its gradient.</summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract class Loss<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private double[] _scores = [], _scoreGradient = [], _soft = [];

    private protected Loss(Decision decision) => Decision = decision;

    /// <summary>Gets how steps become one score.</summary>
    public Decision Decision { get; }

    /// <summary>Gets a text that names the loss and its settings; part of the hash in checkpoints.</summary>
    public virtual string Description => $"{GetType().Name} {Decision}";

    /// <summary>Computes the loss, the mean over the samples, and its gradient.</summary>
    /// <param name="pass">The batch.</param>
    /// <param name="output">[step, sample, output].</param>
    /// <param name="targets">What should come out.</param>
    /// <param name="gradient">Takes ∂loss/∂output; empty where nobody needs it.</param>
    /// <param name="scores">Takes [sample, output]; empty where nobody needs them.</param>
    /// <exception cref="ArgumentException">The targets do not fit.</exception>
    public double Evaluate(in LayerPass pass, ReadOnlySpan<T> output, in Targets<T> targets, Span<T> gradient, Span<double> scores = default)
    {
        int n = output.Length / pass.Rows, count = pass.Samples * n;
        if (_scores.Length != count) (_scores, _scoreGradient, _soft) = (new double[count], new double[count], new double[n]);
        Check(targets, pass.Samples, n);
        Scores(pass, output, n);
        double loss = 0;
        for (int b = 0; b < pass.Samples; b++)
        {
            loss += Sample(_scores.AsSpan(b * n, n), targets, b, _scoreGradient.AsSpan(b * n, n));
        }
        for (int i = 0; i < count; i++) _scoreGradient[i] /= pass.Samples;
        if (!gradient.IsEmpty) Spread(pass, output, n, gradient);
        if (!scores.IsEmpty) _scores.CopyTo(scores);
        return loss / pass.Samples;
    }

    /// <summary>Computes the loss of one sample and its gradient by the scores.</summary>
    private protected abstract double Sample(ReadOnlySpan<double> scores, in Targets<T> targets, int sample, Span<double> gradient);

    /// <summary>Checks that there is a target for every sample.</summary>
    private protected virtual void Check(in Targets<T> targets, int samples, int outputs)
    {
        if (targets.Values.Length != samples * outputs) throw new ArgumentException($"{samples} samples of {outputs} outputs need {samples * outputs} target values, {targets.Values.Length} are given.");
    }

    private protected static void Softmax(ReadOnlySpan<double> x, Span<double> y)
    {
        double top = double.NegativeInfinity, sum = 0;
        foreach (double v in x) top = Math.Max(top, v);
        for (int i = 0; i < x.Length; i++) sum += y[i] = DeterministicMath.Exp(x[i] - top);
        for (int i = 0; i < x.Length; i++) y[i] /= sum;
    }

    private void Scores(in LayerPass pass, ReadOnlySpan<T> output, int n)
    {
        Array.Clear(_scores);
        Span<double> row = stackalloc double[Math.Min(n, 1024)];
        if (n > 1024) row = new double[n];
        for (int t = Decision == Decision.Last ? pass.Steps - 1 : 0; t < pass.Steps; t++)
        {
            for (int b = 0; b < pass.Samples; b++)
            {
                Read(output, (t * pass.Samples + b) * n, row);
                if (Decision == Decision.SumOfSoftmax)
                {
                    Softmax(row, _soft);
                    _soft.CopyTo(row);
                }
                for (int i = 0; i < n; i++) _scores[b * n + i] += row[i];
            }
        }
        if (Decision != Decision.Mean) return;
        for (int i = 0; i < _scores.Length; i++) _scores[i] /= pass.Steps;
    }

    private void Spread(in LayerPass pass, ReadOnlySpan<T> output, int n, Span<T> gradient)
    {
        gradient.Clear();
        Span<double> row = stackalloc double[Math.Min(n, 1024)];
        if (n > 1024) row = new double[n];
        for (int t = Decision == Decision.Last ? pass.Steps - 1 : 0; t < pass.Steps; t++)
        {
            for (int b = 0; b < pass.Samples; b++)
            {
                int at = (t * pass.Samples + b) * n;
                double mean = 0;
                if (Decision == Decision.SumOfSoftmax)
                {
                    Read(output, at, row);
                    Softmax(row, _soft);
                    for (int i = 0; i < n; i++) mean += _soft[i] * _scoreGradient[b * n + i];
                }
                for (int i = 0; i < n; i++)
                {
                    double d = _scoreGradient[b * n + i];
                    gradient[at + i] = T.CreateTruncating(Decision switch
                    {
                        Decision.Mean => d / pass.Steps,
                        Decision.SumOfSoftmax => _soft[i] * (d - mean),
                        _ => d,
                    });
                }
            }
        }
    }

    private static void Read(ReadOnlySpan<T> output, int at, Span<double> row)
    {
        for (int i = 0; i < row.Length; i++) row[i] = double.CreateTruncating(output[at + i]);
    }
}
