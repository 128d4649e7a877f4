namespace EdgeAutonomy.Learning;

/// <summary>Draws one action per sample and rung from the outputs of a <see cref="SquashedActor"/>, with all that their gradients need.</summary>
/// <remarks>Rows are [sample, rung]. log π(u) = Σ −ε²/2 − log σ − ½ ln 2π − ln(1 − a² + 1e-6), log σ cut to [−20, 2] (Haarnoja et al. 2018; constants of Stable-Baselines3).</remarks>
internal sealed class SquashedDraw
{
    private const double HalfLogTau = 0.91893853320467274178; // ½·ln 2π
    private const float Least = -20, Most = 2, Floor = 1e-6f;
    private readonly int _samples, _rungs, _width;
    private readonly float[] _noise, _spread, _room, _logRoom;

    public SquashedDraw(int samples, int rungs, int width)
    {
        (_samples, _rungs, _width) = (samples, rungs, width);
        int rows = samples * rungs, n = rows * width;
        (_noise, Sigma, _spread, Actions, _room, _logRoom) = (new float[n], new float[n], new float[n], new float[n], new float[n], new float[n]);
        (LogDensity, Probability, LogProbability) = (new double[rows], new double[rows], new double[rows]);
    }

    /// <summary>Gets the actions in [−1, 1], [sample, rung, number].</summary>
    public float[] Actions { get; }

    public float[] Sigma { get; }

    /// <summary>Gets log π(u | rung), [sample, rung].</summary>
    public double[] LogDensity { get; }

    /// <summary>Gets π(rung), [sample, rung]; 0 where it is forbidden.</summary>
    public double[] Probability { get; }

    /// <summary>Gets log π(rung), [sample, rung]; 0 where it is forbidden, so that products with the probability vanish.</summary>
    public double[] LogProbability { get; }

    /// <summary>Draws.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="outputs">[sample, output].</param>
    /// <param name="allowed">[sample, rung]; empty = all.</param>
    public void Run(RandomStream random, ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed)
    {
        int per = outputs.Length / _samples;
        for (int s = 0; s < _samples; s++)
        {
            for (int k = 0; k < _rungs; k++)
            {
                var block = outputs.Slice(s * per + k * 2 * _width, 2 * _width);
                for (int i = 0, at = (s * _rungs + k) * _width; i < _width; i++, at++)
                {
                    _spread[at] = Math.Clamp(block[_width + i], Least, Most);
                    _noise[at] = (float)random.NextGaussian();
                    _room[at] = block[i]; // the mean, until the spread is known
                }
            }
        }
        DeterministicMathF.Exp(_spread, Sigma);
        for (int i = 0; i < _noise.Length; i++) _room[i] += Sigma[i] * _noise[i];
        DeterministicMathF.Tanh(_room, Actions);
        for (int i = 0; i < _noise.Length; i++) _room[i] = 1 - Actions[i] * Actions[i] + Floor;
        DeterministicMathF.Log(_room, _logRoom);
        for (int row = 0; row < LogDensity.Length; row++)
        {
            double log = 0;
            for (int i = row * _width; i < (row + 1) * _width; i++) log -= 0.5 * _noise[i] * _noise[i] + _spread[i] + HalfLogTau + _logRoom[i];
            LogDensity[row] = log;
        }
        for (int s = 0; s < _samples; s++) Spread(s, _rungs == 1 ? default : outputs.Slice(s * per + 2 * _width * _rungs, _rungs), allowed.IsEmpty ? default : allowed.Slice(s * _rungs, _rungs));
    }

    /// <summary>Draws a rung of a sample.</summary>
    public int Rung(RandomStream random, int sample)
    {
        if (_rungs == 1) return 0;
        double mass = random.NextDouble();
        int chosen = 0;
        for (int k = 0; k < _rungs; k++)
        {
            double p = Probability[sample * _rungs + k];
            if (p == 0) continue;
            chosen = k;
            if ((mass -= p) < 0) break;
        }
        return chosen;
    }

    /// <summary>Writes the gradient of one row by its mean and log σ.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="byAction">∂loss/∂a of the row.</param>
    /// <param name="byLogDensity">∂loss/∂log π(u) of the row.</param>
    /// <param name="outputs">The row's means and log σ as the network gave them.</param>
    /// <param name="gradient">Takes ∂loss/∂(means, log σ).</param>
    public void Gradient(int row, ReadOnlySpan<float> byAction, double byLogDensity, ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        for (int i = 0, at = row * _width; i < _width; i++, at++)
        {
            double a = Actions[at], slope = 1 - a * a;
            // −ln(1 − a² + c) has the derivative 2a(1 − a²)/(1 − a² + c) by what goes into tanh; ε is fixed, so −ε²/2 has none.
            double byInside = byAction[i] * slope + byLogDensity * 2 * a * slope / (slope + Floor);
            gradient[i] = (float)byInside;
            bool free = outputs[_width + i] is > Least and < Most;
            gradient[_width + i] = free ? (float)(byInside * Sigma[at] * _noise[at] - byLogDensity) : 0;
        }
    }

    private void Spread(int sample, ReadOnlySpan<float> logits, ReadOnlySpan<bool> allowed)
    {
        int at = sample * _rungs;
        if (_rungs == 1)
        {
            (Probability[at], LogProbability[at]) = (1, 0);
            return;
        }
        double most = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < _rungs; k++)
        {
            if (allowed.IsEmpty || allowed[k]) most = Math.Max(most, logits[k]);
        }
        for (int k = 0; k < _rungs; k++)
        {
            bool open = allowed.IsEmpty || allowed[k];
            LogProbability[at + k] = open ? logits[k] - most : 0;
            sum += Probability[at + k] = open ? DeterministicMath.Exp(logits[k] - most) : 0;
        }
        double log = DeterministicMath.Log(sum);
        for (int k = 0; k < _rungs; k++)
        {
            if (Probability[at + k] == 0)
            {
                LogProbability[at + k] = 0;
                continue;
            }
            Probability[at + k] /= sum;
            LogProbability[at + k] -= log;
        }
    }
}
