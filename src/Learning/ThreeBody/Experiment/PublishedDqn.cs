namespace EdgeAutonomy.Learning;

/// <summary>The published learner as it is (arXiv 2502.12809, <c>TrainRL.py</c>): plain DQN with a tied network, AdamW with AMSGrad, gradients clipped by value.</summary>
/// <remarks>For reproduction only; <see cref="DoubleDqn"/> is what we learn with. After each episode the policy plays seeds 0 to 4 and the best one is kept, by mean reward, as published. A pure function of settings and seed.</remarks>
internal sealed class PublishedDqn
{
    private const int SelectionSeeds = 5, SelectionChecks = 100;
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, WeightDecay = 0.01, GradientBound = 100;
    private const float TargetShare = 0.005f;
    private readonly PublishedDqnOptions _options;
    private readonly ThreeBodyEnvironment _environment, _selection;
    private readonly TiedNetwork _network, _target;
    private readonly RandomStream _random;
    private readonly float[][] _first, _second, _largest;
    private readonly float[] _states, _nexts, _rewards, _batch, _nextBatch, _gradient;
    private readonly int[] _actions, _drawn;
    private readonly bool[] _final;
    private readonly int _width;
    private int _head, _count;
    private long _steps, _updates;
    private double _best = double.NegativeInfinity;

    public PublishedDqn(PublishedDqnOptions options, ThreeBodyEnvironmentOptions environment, ulong seed)
    {
        _options = options;
        _environment = new ThreeBodyEnvironment(environment);
        _selection = new ThreeBodyEnvironment(environment with { Checks = Math.Min(SelectionChecks, environment.Checks) });
        _width = _environment.ObservationLength;
        (_network, _target, Best) = (Fresh(seed), Fresh(seed), Fresh(seed));
        _random = RandomStream.For(seed, "published-dqn");
        (_first, _second, _largest) = (Zeros(), Zeros(), Zeros());
        int n = options.Replay, b = options.BatchSize;
        (_states, _nexts, _rewards, _actions, _final) = (new float[n * _width], new float[n * _width], new float[n], new int[n], new bool[n]);
        (_batch, _nextBatch, _gradient, _drawn) = (new float[b * _width], new float[b * _width], new float[b * _network.Outputs], new int[b]);
    }

    /// <summary>Gets the policy that was best on seeds 0 to 4.</summary>
    public TiedNetwork Best { get; }

    /// <summary>Trains.</summary>
    public void Run(CancellationToken stop)
    {
        for (int episode = 0; episode < _options.Episodes; episode++)
        {
            stop.ThrowIfCancellationRequested();
            Episode();
            Select();
        }
    }

    private void Episode()
    {
        float[] seen = new float[_width], next = new float[_width];
        (uint first, uint last) = _environment.Options.Seeds.Bounds();
        _environment.Reset(first + (uint)_random.NextInt32((int)(last - first + 1)), seen);
        if (_options.RestartsExploration) _steps = 0;
        // The first step teaches nothing: its reward is not defined.
        ThreeBodyTransition made = _environment.Step(_random.NextInt32(_environment.ActionCount), next);
        if (!_options.FirstStateIsStale) next.CopyTo(seen, 0);
        while (!made.Terminated && !made.Truncated)
        {
            double exploration = 0.05 + (0.85 * DeterministicMath.Exp(-_steps++ / _options.ExplorationDecay));
            int action = _random.NextDouble() < exploration ? _random.NextInt32(_environment.ActionCount) : Largest(_network.Forward(seen, 1));
            made = _environment.Step(action, next);
            Store(seen, action, (float)made.Reward, next, made.Terminated);
            (seen, next) = (next, seen);
            if (_count >= _options.BatchSize) Update();
            _target.MoveTowards(_network, TargetShare);
        }
    }

    private void Store(float[] seen, int action, float reward, float[] next, bool final)
    {
        seen.CopyTo(_states, _head * _width);
        next.CopyTo(_nexts, _head * _width);
        (_actions[_head], _rewards[_head], _final[_head]) = (action, reward, final);
        _head = (_head + 1) % _options.Replay;
        _count = Math.Min(_count + 1, _options.Replay);
    }

    private void Update()
    {
        int n = _options.BatchSize, k = _network.Outputs;
        for (int i = 0; i < n; i++)
        {
            _drawn[i] = _random.NextInt32(_count);
            _states.AsSpan(_drawn[i] * _width, _width).CopyTo(_batch.AsSpan(i * _width));
            _nexts.AsSpan(_drawn[i] * _width, _width).CopyTo(_nextBatch.AsSpan(i * _width));
        }
        ReadOnlySpan<float> next = _target.Forward(_nextBatch, n), values = _network.Forward(_batch, n, training: true);
        Array.Clear(_gradient);
        for (int i = 0; i < n; i++)
        {
            int from = _drawn[i], at = (i * k) + _actions[from];
            float best = next[(i * k) + Largest(next.Slice(i * k, k))];
            double aim = _rewards[from] + (_final[from] ? 0 : _options.Discount * best);
            _gradient[at] = (float)(Math.Clamp(values[at] - aim, -1, 1) / n);
        }
        _network.Backward(_gradient);
        Adam();
    }

    private void Adam()
    {
        _updates++;
        double c1 = 1 - DeterministicMath.Pow(Beta1, _updates), c2 = Math.Sqrt(1 - DeterministicMath.Pow(Beta2, _updates));
        for (int p = 0; p < _network.Parameters.Count; p++)
        {
            Parameter<float> own = _network.Parameters[p];
            float[] m = _first[p], v = _second[p], most = _largest[p];
            for (int i = 0; i < own.Value.Length; i++)
            {
                double g = Math.Clamp((double)own.Gradient[i], -GradientBound, GradientBound);
                m[i] = (float)((Beta1 * m[i]) + ((1 - Beta1) * g));
                v[i] = (float)((Beta2 * v[i]) + ((1 - Beta2) * g * g));
                most[i] = Math.Max(most[i], v[i]);
                double w = own.Value[i] * (1 - (_options.LearningRate * WeightDecay));
                own.Value[i] = (float)(w - (_options.LearningRate / c1 * m[i] / ((Math.Sqrt(most[i]) / c2) + Epsilon)));
            }
        }
    }

    private void Select()
    {
        double sum = 0;
        int steps = 0;
        float[] seen = new float[_width];
        for (uint seed = 0; seed < SelectionSeeds; seed++)
        {
            _selection.Reset(seed, seen);
            ThreeBodyTransition made;
            do
            {
                made = _selection.Step(Largest(_network.Forward(seen, 1)), seen);
                sum += made.Reward;
                steps++;
            }
            while (!made.Terminated && !made.Truncated);
        }
        if (sum / steps <= _best) return;
        _best = sum / steps;
        Best.MoveTowards(_network, 1);
    }

    private TiedNetwork Fresh(ulong seed) => new(_width, _environment.ActionCount, _options.HiddenPasses, seed);

    private float[][] Zeros() => [.. _network.Parameters.Select(p => new float[p.Value.Length])];

    internal static int Largest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++) best = values[i] > values[best] ? i : best;
        return best;
    }
}
