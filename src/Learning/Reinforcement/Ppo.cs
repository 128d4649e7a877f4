using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Proximal policy optimisation (Schulman et al. 2017) for discrete actions, masked or not, and for continuous ones.</summary>
/// <remarks>
/// L = −min(ρ·A, clip(ρ, 1 ± ε)·A) + c_v·(V − G)² − c_e·H, advantages by <see cref="RolloutBuffer"/> with the discount per tick and λ per decision, so that held actions are a
/// semi-Markov process. A truncated step bootstraps from the value of its final observation. Order of updates and defaults as in Stable-Baselines3 2.4.1. Everything random comes from one
/// generator: the weights are a function of seed, options and environment, the same bits on every machine. Not thread-safe. Neither acting nor updating allocates.
/// </remarks>
public sealed class Ppo : IAgent
{
    private const double AdamEpsilon = 1e-5;
    private readonly VectorEnvironment _environment;
    private readonly PpoOptions _options;
    private readonly PolicyActor _actor;
    private readonly Network<float> _critic;
    private readonly RolloutBuffer _rollout;
    private readonly RewardScale? _rewardScale;
    private readonly Adam<float> _optimiser;
    private readonly RandomStream _random;
    private readonly PpoUpdate _update;
    private readonly int _width, _copies, _choices;
    private readonly float[] _seen, _actions, _values, _finalValues, _finalSeen;
    private readonly float[] _logProbabilities;
    private readonly bool[] _allowed;
    private readonly StepResult[] _results;

    /// <summary>Makes an agent with fresh weights and starts its environment.</summary>
    /// <param name="environment">Where it learns; it belongs to the agent from now on.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">The seed of weights, draws and episodes.</param>
    /// <exception cref="ArgumentException">The actions are neither discrete nor those of a box.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Ppo(VectorEnvironment environment, PpoOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_environment, _options, Seed, _width, _copies) = (environment, options, seed, environment.ObservationSpace.Width, environment.Count);
        _random = RandomStream.For(seed, "ppo");
        _actor = new PolicyActor(_width, options.Hidden, options.Activation, environment.ActionSpace, options.ScaleObservations, options.Rungs);
        _critic = Perceptron.Build(_width, options.Hidden, 1, options.Activation, "value");
        var weights = RandomStream.For(seed, "ppo weights");
        Perceptron.Orthogonal(_actor.Network, weights, headGain: 0.01);
        Perceptron.Orthogonal(_critic, weights, headGain: 1);
        var bias = _actor.Network.Layers.OfType<LinearLayer<float>>().Last().Bias!.Value;
        if (options.Prior.Count > 0 && options.Prior.Count != bias.Length) throw new ArgumentException($"Prior has {options.Prior.Count} numbers; must be empty or one for each of the {bias.Length} outputs of the last linear layer.", nameof(options));
        for (int i = 0; i < options.Prior.Count; i++) bias[i] = (float)options.Prior[i];
        _choices = environment.IsMasked ? _actor.Head.Outputs : 0;
        _rollout = new RolloutBuffer(options.RolloutSteps, _copies, _width, _actor.Head.ActionWidth, _choices);
        _rewardScale = options.ScaleRewards ? new RewardScale(_copies, options.Discount) : null;
        Energy = new DualVariable(options.Energy);
        Parameter<float>[] parameters = [.. _actor.Network.Parameters, .. _actor.Head.Parameters, .. _critic.Parameters];
        _optimiser = new Adam<float>(parameters, epsilon: AdamEpsilon);
        _update = new PpoUpdate(_actor, _critic, _optimiser, options, _width, options.RolloutSteps * _copies, _choices);
        (_seen, _finalSeen, _actions) = (new float[_copies * _width], new float[_copies * _width], new float[_copies * _actor.Head.ActionWidth]);
        (_values, _finalValues, _logProbabilities) = (new float[_copies], new float[_copies], new float[_copies]);
        (_allowed, _results) = (new bool[environment.Allowed.Length], new StepResult[_copies]);
        environment.Reset(seed);
        _actor.Scaling?.Add(environment.Observations);
    }

    /// <inheritdoc/>
    public ulong Seed { get; }

    /// <inheritdoc/>
    public long Steps { get; private set; }

    /// <summary>Gets the minibatches learned from.</summary>
    public long Updates => _optimiser.Steps;

    /// <inheritdoc/>
    public VectorEnvironment Environment => _environment;

    /// <inheritdoc/>
    public IActor Actor => _actor;

    /// <summary>Gets the actor with its network.</summary>
    public PolicyActor Policy => _actor;

    /// <summary>Gets what a joule costs now.</summary>
    public DualVariable Energy { get; }

    /// <inheritdoc/>
    public ulong Configuration => RandomStream.Fnv1a(FormattableString.Invariant($"ppo {_options.Description} {Seed} {_environment.Name} {_copies} {_width} {_actor.Head.Outputs} {_choices}"));

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Figures =>
    [
        ("policy_loss", _update.PolicyLoss), ("value_loss", _update.ValueLoss), ("entropy", _update.Entropy), ("divergence", _update.Divergence), ("clipped_share", _update.ClippedShare),
        ("learning_rate", Along(_options.LearningRate, _options.LearningRateEnd)), ("updates", Updates), ("energy_price", Energy.Price),
    ];

    /// <inheritdoc/>
    public void Train(long steps, CancellationToken stop = default)
    {
        while (Steps < steps)
        {
            stop.ThrowIfCancellationRequested();
            Act();
            if (!_rollout.IsFull) continue;
            // The values of where the rollout stopped: what its last steps bootstrap from.
            Scale(_environment.Observations, _seen);
            Values(_seen, _values);
            _rollout.ComputeAdvantages(_values, _options.Discount, _options.Lambda);
            _update.Run(_rollout, _random, Along(_options.LearningRate, _options.LearningRateEnd), Along(_options.ClipRange, _options.ClipRangeEnd), Steps);
            _rollout.Clear();
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Steps);
        w.Write(_optimiser.Steps);
        w.Write(_random);
        StatePart.Write(w, _actor);
        Perceptron.Freeze(w, _critic);
        foreach (var (_, values) in _optimiser.State) w.WriteSpan<float>(values);
        _update.Freeze(w);
        StatePart.Write(w, _environment);
        StatePart.Write(w, _rollout);
        StatePart.Write(w, Energy);
        if (_rewardScale is not null) StatePart.Write(w, _rewardScale);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "PPO");
        Steps = r.Read<long>();
        _optimiser.Steps = r.Read<long>();
        r.Require(Steps >= 0 && _optimiser.Steps >= 0, "a count");
        r.Read(_random);
        _actor.Thaw(r.ReadBytes());
        Perceptron.Thaw(ref r, _critic);
        foreach (var (_, values) in _optimiser.State) r.ReadFinite(values, "moments");
        _update.Thaw(ref r);
        _environment.Thaw(r.ReadBytes());
        _rollout.Thaw(r.ReadBytes());
        Energy.Thaw(r.ReadBytes());
        _rewardScale?.Thaw(r.ReadBytes());
        r.End();
    }

    private void Act()
    {
        var head = _actor.Head;
        Scale(_environment.Observations, _seen);
        _environment.Allowed.CopyTo(_allowed);
        var outputs = _actor.Network.Forward(new LayerPass(1, _copies), _seen);
        for (int i = 0; i < _copies; i++)
        {
            _logProbabilities[i] = (float)head.Draw(_random, outputs.Slice(i * head.Outputs, head.Outputs), Mask(i), _actions.AsSpan(i * head.ActionWidth, head.ActionWidth));
        }
        Values(_seen, _values);
        _environment.Step(_actions);
        bool cut = false;
        for (int i = 0; i < _copies; i++)
        {
            var result = _environment.Results[i];
            double reward = result.Reward - _options.DecisionCost - Energy.Price * result.Joules;
            _results[i] = result with { Reward = _rewardScale is null ? reward : _rewardScale.Scale(i, reward, result) };
            Energy.Add(result.Joules, result.Ticks * _environment.TickSeconds);
            cut |= result.Truncated && !result.Terminated;
        }
        if (cut)
        {
            Scale(_environment.FinalObservations, _finalSeen);
            Values(_finalSeen, _finalValues);
        }
        _rollout.Add(_seen, _actions, _logProbabilities, _values, _results, _finalValues, _allowed);
        _actor.Scaling?.Add(_environment.Observations);
        Steps += _copies;
    }

    private void Scale(ReadOnlySpan<float> seen, Span<float> scaled)
    {
        if (_actor.Scaling is null) seen.CopyTo(scaled);
        else _actor.Scaling.Scale(seen, scaled);
    }

    private void Values(ReadOnlySpan<float> seen, Span<float> values) => _critic.Forward(new LayerPass(1, _copies), seen).CopyTo(values);

    private ReadOnlySpan<bool> Mask(int copy) => _choices == 0 ? default : _allowed.AsSpan(copy * _choices, _choices);

    private double Along(double from, double to) => double.IsNaN(to) ? from : from + (to - from) * Math.Min(1, (double)Steps / _options.ScheduleSteps);
}
