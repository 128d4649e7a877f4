namespace EdgeAutonomy.Learning;

/// <summary>The two critics of soft actor-critic and their slow copies: Q(observation, action, rung), the rung one-hot behind the action.</summary>
internal sealed class SacCritics
{
    private readonly Network<float>[] _learning, _slow;
    private readonly int _observation, _action, _rungs, _width;
    private readonly float[] _gradient;
    private float[] _input = [], _inputGradient = [], _first = [];

    public SacCritics(int observation, int action, int rungs, SacOptions options, ulong seed)
    {
        (_observation, _action, _rungs) = (observation, action, rungs);
        _width = observation + action + (rungs > 1 ? rungs : 0);
        Network<float> New() => Perceptron.Build(_width, options.Hidden, 1, Activation.Relu, "q");
        (_learning, _slow) = ([New(), New()], [New(), New()]);
        for (int c = 0; c < 2; c++)
        {
            _learning[c].Initialize(new CounterRandom(seed).For((ulong)c + 1).Key);
            Perceptron.MoveTowards(_slow[c], _learning[c], 1);
        }
        Parameters = [.. _learning[0].Parameters, .. _learning[1].Parameters];
        _gradient = new float[options.BatchSize * rungs];
    }

    public IReadOnlyList<Parameter<float>> Parameters { get; }

    /// <summary>Gets the learning critics and then the slow ones.</summary>
    public IEnumerable<Network<float>> All => _learning.Concat(_slow);

    /// <summary>Computes the smaller of both slow values for every sample and rung.</summary>
    /// <param name="seen">[sample, observation].</param>
    /// <param name="actions">[sample, rung, number].</param>
    /// <param name="samples">Samples.</param>
    /// <param name="least">Takes [sample, rung].</param>
    public void Targets(ReadOnlySpan<float> seen, ReadOnlySpan<float> actions, int samples, Span<double> least)
    {
        var input = AllRungs(seen, actions, samples);
        var pass = new LayerPass(1, samples * _rungs);
        var first = _slow[0].Forward(pass, input);
        for (int i = 0; i < least.Length; i++) least[i] = first[i];
        var second = _slow[1].Forward(pass, input);
        for (int i = 0; i < least.Length; i++) least[i] = Math.Min(least[i], second[i]);
    }

    /// <summary>Adds the gradients of ½·Σ MSE(Q, y) and returns that loss.</summary>
    /// <param name="seen">[sample, observation].</param>
    /// <param name="taken">[sample, number and, where there are several, the rung].</param>
    /// <param name="targets">[sample].</param>
    public double Learn(ReadOnlySpan<float> seen, ReadOnlySpan<float> taken, ReadOnlySpan<double> targets)
    {
        int n = targets.Length, per = taken.Length / n;
        var input = Room(ref _input, n * _width);
        for (int i = 0; i < n; i++)
        {
            var row = input.Slice(i * _width, _width);
            Fill(row, seen.Slice(i * _observation, _observation), taken.Slice(i * per, _action), _rungs > 1 ? (int)taken[i * per + _action] : 0);
        }
        double loss = 0;
        foreach (var critic in _learning)
        {
            critic.ClearGradients();
            var q = critic.Forward(new LayerPass(1, n) { Training = true }, input);
            for (int i = 0; i < n; i++)
            {
                double error = q[i] - targets[i];
                loss += 0.5 * error * error / n;
                _gradient[i] = (float)(error / n);
            }
            critic.Backward(_gradient.AsSpan(0, n));
        }
        return loss;
    }

    /// <summary>Computes the smaller of both values for every sample and rung, and how it changes with the action.</summary>
    /// <param name="seen">[sample, observation].</param>
    /// <param name="actions">[sample, rung, number].</param>
    /// <param name="samples">Samples.</param>
    /// <param name="weights">∂loss/∂Q per row, [sample, rung].</param>
    /// <param name="least">Takes [sample, rung].</param>
    /// <param name="byAction">Takes weights · ∂Q/∂action, [sample, rung, number].</param>
    public void Values(ReadOnlySpan<float> seen, ReadOnlySpan<float> actions, int samples, ReadOnlySpan<double> weights, Span<double> least, Span<float> byAction)
    {
        int rows = samples * _rungs;
        var input = AllRungs(seen, actions, samples);
        var pass = new LayerPass(1, rows) { Training = true, InputGradientOnly = true };
        var first = Room(ref _first, rows);
        _learning[0].Forward(pass, input).CopyTo(first);
        var second = _learning[1].Forward(pass, input);
        for (int i = 0; i < rows; i++) least[i] = Math.Min(first[i], second[i]);
        byAction.Clear();
        var back = Room(ref _inputGradient, rows * _width);
        for (int c = 0; c < 2; c++)
        {
            for (int i = 0; i < rows; i++) _gradient[i] = first[i] <= second[i] == (c == 0) ? (float)weights[i] : 0;
            _learning[c].Backward(_gradient.AsSpan(0, rows), back);
            for (int i = 0; i < rows; i++)
            {
                for (int k = 0; k < _action; k++) byAction[i * _action + k] += back[i * _width + _observation + k];
            }
        }
    }

    /// <summary>Moves the slow critics towards the learning ones.</summary>
    public void Follow(double share)
    {
        for (int c = 0; c < 2; c++) Perceptron.MoveTowards(_slow[c], _learning[c], share);
    }

    private ReadOnlySpan<float> AllRungs(ReadOnlySpan<float> seen, ReadOnlySpan<float> actions, int samples)
    {
        var input = Room(ref _input, samples * _rungs * _width);
        for (int i = 0; i < samples; i++)
        {
            for (int k = 0; k < _rungs; k++)
            {
                int row = i * _rungs + k;
                Fill(input.Slice(row * _width, _width), seen.Slice(i * _observation, _observation), actions.Slice(row * _action, _action), k);
            }
        }
        return input;
    }

    private void Fill(Span<float> row, ReadOnlySpan<float> seen, ReadOnlySpan<float> action, int rung)
    {
        seen.CopyTo(row);
        action.CopyTo(row[_observation..]);
        if (_rungs == 1) return;
        row[(_observation + _action)..].Clear();
        row[_observation + _action + rung] = 1;
    }

    private static Span<float> Room(ref float[] buffer, int count)
    {
        if (buffer.Length < count) buffer = new float[count];
        return buffer.AsSpan(0, count);
    }
}
