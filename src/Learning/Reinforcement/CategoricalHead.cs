namespace EdgeAutonomy.Learning;

/// <summary>One choice among many: the outputs are logits, forbidden choices have probability zero and no gradient.</summary>
internal sealed class CategoricalHead(int choices) : PolicyHead
{
    private readonly double[] _logs = new double[choices], _probabilities = new double[choices];
    private double _entropy;

    public override int Outputs => choices;

    public override int ActionWidth => 1;

    public override double Draw(RandomStream random, ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, Span<float> action)
    {
        Spread(outputs, allowed);
        double mass = random.NextDouble();
        int chosen = -1;
        for (int i = 0; i < choices; i++)
        {
            if (_probabilities[i] == 0) continue;
            chosen = i;
            if ((mass -= _probabilities[i]) < 0) break;
        }
        // Not one probability above zero: the outputs are not numbers. The update will say so.
        if (chosen < 0) chosen = allowed.IsEmpty ? 0 : allowed.IndexOf(true);
        action[0] = chosen;
        return _logs[chosen];
    }

    public override void Best(ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, Span<float> action) => action[0] = QNetwork.Largest(outputs, allowed);

    public override (double LogProbability, double Entropy) Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, ReadOnlySpan<float> action)
    {
        Spread(outputs, allowed);
        _entropy = 0;
        for (int i = 0; i < choices; i++) _entropy -= _probabilities[i] == 0 ? 0 : _probabilities[i] * _logs[i];
        return (_logs[(int)action[0]], _entropy);
    }

    // ∂log p_a/∂logit_i = [i = a] − p_i;  ∂H/∂logit_i = −p_i (log p_i + H).
    public override void Gradient(ReadOnlySpan<float> outputs, ReadOnlySpan<float> action, double byLogProbability, double byEntropy, Span<float> gradient)
    {
        int taken = (int)action[0];
        for (int i = 0; i < choices; i++)
        {
            double p = _probabilities[i];
            gradient[i] = (float)(byLogProbability * ((i == taken ? 1 : 0) - p) - (p == 0 ? 0 : byEntropy * p * (_logs[i] + _entropy)));
        }
    }

    private void Spread(ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed)
    {
        double most = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < choices; i++)
        {
            if ((allowed.IsEmpty || allowed[i]) && outputs[i] > most) most = outputs[i];
        }
        for (int i = 0; i < choices; i++)
        {
            _logs[i] = allowed.IsEmpty || allowed[i] ? outputs[i] - most : double.NegativeInfinity;
            sum += _probabilities[i] = double.IsNegativeInfinity(_logs[i]) ? 0 : DeterministicMath.Exp(_logs[i]);
        }
        double log = DeterministicMath.Log(sum);
        for (int i = 0; i < choices; i++)
        {
            _logs[i] -= log;
            _probabilities[i] /= sum;
        }
    }
}
