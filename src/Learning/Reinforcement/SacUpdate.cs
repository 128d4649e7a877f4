namespace EdgeAutonomy.Learning;

/// <summary>One update of soft actor-critic: critics, policy, entropy weights, slow critics.</summary>
internal sealed class SacUpdate
{
    private readonly SquashedActor _actor;
    private readonly SacCritics _critics;
    private readonly SacOptions _options;
    private readonly Adam<float> _actorOptimiser, _criticOptimiser, _weightOptimiser;
    private readonly Parameter<float> _logAction, _logRung;
    private readonly ReplayBatch _batch;
    private readonly SquashedDraw _draw;
    private readonly int _rungs, _width, _choices;
    private readonly float[] _byAction, _gradient;
    private readonly double[] _targets, _least, _weights, _timeShare, _byLogit;
    private readonly double _targetEntropy;

    public SacUpdate(SquashedActor actor, SacCritics critics, SacOptions options, int actionWidth, int choices)
    {
        (_actor, _critics, _options, _rungs, _width, _choices) = (actor, critics, options, actor.Rungs, actor.ActionWidth, choices);
        int n = options.BatchSize;
        _batch = new ReplayBatch(n, actor.ObservationWidth, actionWidth, choices, presentMasks: true);
        _draw = new SquashedDraw(n, _rungs, _width);
        (_byAction, _gradient) = (new float[n * _rungs * _width], new float[n * actor.Network.Output.Count]);
        (_targets, _least, _weights, _byLogit) = (new double[n], new double[n * _rungs], new double[n * _rungs], new double[_rungs]);
        _targetEntropy = double.IsNaN(options.TargetEntropy) ? -_width : options.TargetEntropy;
        _timeShare = TimeShares(_rungs, options);
        (_logAction, _logRung) = (new Parameter<float>("log_alpha", 1), new Parameter<float>("log_alpha_rung", 1));
        _logAction.Value[0] = (float)DeterministicMath.Log(options.EntropyWeight);
        _logRung.Value[0] = (float)DeterministicMath.Log(options.RungEntropyWeight);
        _actorOptimiser = new Adam<float>(actor.Network.Parameters);
        _criticOptimiser = new Adam<float>(critics.Parameters);
        _weightOptimiser = new Adam<float>(_rungs > 1 ? [_logAction, _logRung] : [_logAction]);
    }

    public long Updates => _criticOptimiser.Steps;

    public double CriticLoss { get; private set; } = double.NaN;

    public double ActorLoss { get; private set; } = double.NaN;

    /// <summary>Gets the mean entropies of actions and durations in the last batch.</summary>
    public (double Action, double Rung) Entropy { get; private set; } = (double.NaN, double.NaN);

    public double ActionWeight => DeterministicMath.Exp(_logAction.Value[0]);

    public double RungWeight => _rungs > 1 ? DeterministicMath.Exp(_logRung.Value[0]) : 0;

    public IEnumerable<(string Name, double Value)> Figures
    {
        get
        {
            yield return ("critic_loss", CriticLoss);
            yield return ("actor_loss", ActorLoss);
            yield return ("entropy", Entropy.Action);
            yield return ("entropy_weight", ActionWeight);
            if (_rungs == 1) yield break;
            yield return ("rung_entropy", Entropy.Rung);
            yield return ("rung_entropy_weight", RungWeight);
        }
    }

    /// <summary>Makes one update.</summary>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    public void Run(ReplayBuffer replay, RandomStream random, double price, long steps)
    {
        replay.Sample(random, _batch);
        _actor.Scaling?.Scale(_batch.Observations, _batch.Observations);
        _actor.Scaling?.Scale(_batch.NextObservations, _batch.NextObservations);
        double action = ActionWeight, rung = RungWeight;
        Targets(random, price, action, rung);
        CriticLoss = _critics.Learn(_batch.Observations, _batch.Actions, _targets);
        if (double.IsFinite(CriticLoss)) _criticOptimiser.Step(_options.LearningRate);
        Policy(random, action, rung);
        if (!double.IsFinite(CriticLoss) || !double.IsFinite(ActorLoss))
        {
            throw new TrainingDivergedException(FormattableString.Invariant($"SAC, step {steps}, update {Updates + 1}: the losses are {CriticLoss} (critics) and {ActorLoss} (policy), the entropy weights {action} and {rung}. ")
                + "Lower the learning rate, or scale observations and rewards.");
        }
        _actorOptimiser.Step(_options.LearningRate);
        _weightOptimiser.Step(_options.LearningRate);
        _critics.Follow(_options.TargetShare);
    }

    public void Freeze(in StateWriter w)
    {
        foreach (var optimiser in Optimisers())
        {
            w.Write(optimiser.Steps);
            foreach (var (_, values) in optimiser.State) w.WriteSpan<float>(values);
        }
        w.WriteSpan<float>([_logAction.Value[0], _logRung.Value[0]]);
        w.WriteSpan<double>([CriticLoss, ActorLoss, Entropy.Action, Entropy.Rung]);
    }

    public void Thaw(ref StateReader r)
    {
        foreach (var optimiser in Optimisers())
        {
            optimiser.Steps = r.Read<long>();
            r.Require(optimiser.Steps >= 0, "a count");
            foreach (var (_, values) in optimiser.State) r.ReadFinite(values, "moments");
        }
        Span<float> weights = stackalloc float[2];
        r.ReadFinite(weights, "entropy weights");
        (_logAction.Value[0], _logRung.Value[0]) = (weights[0], weights[1]);
        Span<double> figures = stackalloc double[4];
        r.ReadSpan(figures);
        (CriticLoss, ActorLoss, Entropy) = (figures[0], figures[1], (figures[2], figures[3]));
    }

    private void Targets(RandomStream random, double price, double action, double rung)
    {
        int n = _batch.Size;
        _draw.Run(random, _actor.Network.Forward(new LayerPass(1, n), _batch.NextObservations), _batch.NextAllowed);
        _critics.Targets(_batch.NextObservations, _draw.Actions, n, _least);
        for (int i = 0; i < n; i++)
        {
            double value = 0;
            for (int k = 0; k < _rungs; k++)
            {
                int row = i * _rungs + k;
                value += _draw.Probability[row] * (_least[row] - _timeShare[k] * (action * _draw.LogDensity[row] + rung * _draw.LogProbability[row]));
            }
            double reward = _batch.Rewards[i] - _options.DecisionCost * _batch.Decisions[i] - price * _batch.Energies[i];
            _targets[i] = reward + _batch.Discounts[i] * value;
        }
    }

    private void Policy(RandomStream random, double action, double rung)
    {
        int n = _batch.Size, per = _actor.Network.Output.Count;
        var outputs = _actor.Network.Forward(new LayerPass(1, n) { Training = true }, _batch.Observations);
        _draw.Run(random, outputs, _batch.Allowed);
        for (int i = 0; i < n; i++) Weigh(i);
        _critics.Values(_batch.Observations, _draw.Actions, n, _weights, _least, _byAction);
        double loss = 0, actionEntropy = 0, rungEntropy = 0, actionDrift = 0, rungDrift = 0;
        for (int i = 0; i < n; i++)
        {
            double expected = 0, entropy = 0, density = 0;
            int allowed = 0;
            for (int k = 0; k < _rungs; k++)
            {
                int row = i * _rungs + k;
                double p = _draw.Probability[row], cost = _timeShare[k] * (action * _draw.LogDensity[row] + rung * _draw.LogProbability[row]) - _least[row];
                loss += p * cost / n;
                // By its logit: π_k (g_k − Σ π_j g_j), g = cost + ∂cost·π/∂log π.
                _byLogit[k] = cost + _timeShare[k] * rung;
                expected += p * _byLogit[k];
                entropy -= p * _draw.LogProbability[row];
                density += p * _draw.LogDensity[row];
                allowed += p > 0 ? 1 : 0;
                int at = i * per + k * 2 * _width;
                _draw.Gradient(row, _byAction.AsSpan(row * _width, _width), -_weights[row] * _timeShare[k] * action, outputs.Slice(at, 2 * _width), _gradient.AsSpan(at, 2 * _width));
            }
            for (int k = 0; k < _rungs && _rungs > 1; k++) _gradient[i * per + 2 * _width * _rungs + k] = (float)(_draw.Probability[i * _rungs + k] * (_byLogit[k] - expected) / n);
            actionEntropy -= density / n;
            rungEntropy += entropy / n;
            actionDrift += (density + _targetEntropy) / n;
            rungDrift += (entropy - _options.RungEntropyShare * DeterministicMath.Log(allowed)) / n;
        }
        (ActorLoss, Entropy) = (loss, (actionEntropy, rungEntropy));
        (_logAction.Gradient[0], _logRung.Gradient[0]) = ((float)-actionDrift, (float)rungDrift);
        _actor.Network.ClearGradients();
        _actor.Network.Backward(_gradient);
    }

    // What the gradient of each duration's action counts, negative because it is that of −Q. Any positive weights have the same best actions; by the probabilities alone a duration that is rarely
    // taken would hardly learn what to do with it, look bad for that reason, and be taken still more rarely. So half goes by probability and half evenly over what is allowed.
    private void Weigh(int sample)
    {
        int from = sample * _rungs, allowed = 0;
        for (int k = 0; k < _rungs; k++) allowed += _draw.Probability[from + k] > 0 ? 1 : 0;
        for (int k = 0; k < _rungs; k++)
        {
            double p = _draw.Probability[from + k];
            _weights[from + k] = p > 0 ? -0.5 * (p + 1.0 / allowed) / _batch.Size : 0;
        }
    }

    // (1 − γ^n)/(1 − γ)/n_ref with n_ref in the middle of the ladder: what one decision's entropy counts when it is held n = 2^k ticks.
    private static double[] TimeShares(int rungs, SacOptions options)
    {
        var shares = new double[rungs];
        double middle = Math.Sqrt(1 << (rungs - 1)), discount = options.Discount;
        for (int k = 0; k < rungs; k++)
        {
            int n = 1 << k;
            double held = discount == 1 ? n : (1 - DeterministicMath.Pow(discount, n)) / (1 - discount);
            shares[k] = rungs > 1 && options.EntropyByTime ? held / middle : 1;
        }
        return shares;
    }

    private IEnumerable<Adam<float>> Optimisers() => [_actorOptimiser, _criticOptimiser, _weightOptimiser];
}
