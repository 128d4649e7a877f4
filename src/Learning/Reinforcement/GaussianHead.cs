namespace EdgeAutonomy.Learning;

/// <summary>Independent normal distributions: the outputs are the means, log σ is one number per dimension that does not depend on the state and starts at 0.</summary>
/// <remarks>Draws are not bounded; the environment clips them, and probabilities are those of the draw before clipping, as in Stable-Baselines3.</remarks>
internal sealed class GaussianHead : PolicyHead
{
    private const double HalfLogTau = 0.91893853320467274178; // ½·ln 2π
    private readonly int _width;
    private readonly Parameter<float> _logSigma;

    public GaussianHead(int width)
    {
        _width = width;
        _logSigma = new Parameter<float>("log_sigma", width) { Decays = false };
        Parameters = [_logSigma];
    }

    public override int Outputs => _width;

    public override int ActionWidth => _width;

    public override IReadOnlyList<Parameter<float>> Parameters { get; }

    public override double Draw(RandomStream random, ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, Span<float> action)
    {
        for (int i = 0; i < _width; i++) action[i] = (float)(outputs[i] + DeterministicMath.Exp(_logSigma.Value[i]) * random.NextGaussian());
        return Measure(outputs, allowed, action).LogProbability;
    }

    public override void Best(ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, Span<float> action) => outputs.CopyTo(action);

    public override (double LogProbability, double Entropy) Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, ReadOnlySpan<float> action)
    {
        double log = 0, entropy = 0;
        for (int i = 0; i < _width; i++)
        {
            double spread = _logSigma.Value[i], z = Z(outputs, action, i);
            log -= 0.5 * z * z + spread + HalfLogTau;
            entropy += spread + HalfLogTau + 0.5;
        }
        return (log, entropy);
    }

    public override void Gradient(ReadOnlySpan<float> outputs, ReadOnlySpan<float> action, double byLogProbability, double byEntropy, Span<float> gradient)
    {
        for (int i = 0; i < _width; i++)
        {
            double z = Z(outputs, action, i);
            gradient[i] = (float)(byLogProbability * z * DeterministicMath.Exp(-(double)_logSigma.Value[i]));
            _logSigma.Gradient[i] += (float)(byLogProbability * (z * z - 1) + byEntropy);
        }
    }

    private double Z(ReadOnlySpan<float> outputs, ReadOnlySpan<float> action, int i) => (action[i] - (double)outputs[i]) * DeterministicMath.Exp(-(double)_logSigma.Value[i]);
}
