using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Deep Q-learning with a discrete action (Mnih et al. 2015), by default with double estimation (van Hasselt et al. 2016).</summary>
/// <remarks>
/// y = R + γ^n·Q̄(s′, argmax Q(s′, ·)), with γ^n = 0 only after a real end; the loss is Huber's, averaged over the batch. Everything that is random comes from
/// one generator: given seed, options and environment the weights are the same bits on every machine, and an agent that was frozen and thawed goes on as if nothing had
/// happened. Where the environment masks actions, a forbidden one is neither taken nor lets its value into a target. The last weights of a run are a lottery: validate
/// during training and keep the best. Not thread-safe. Neither acting nor updating allocates.
/// </remarks>
public sealed class DoubleDqn : IAgent
{
    private readonly VectorEnvironment _environment;
    private readonly DoubleDqnOptions _options;
    private readonly QNetwork _target;
    private readonly ReplayBuffer _replay;
    private readonly ReplayBatch _batch;
    private readonly RandomStream _random;
    private readonly Adam<float> _optimiser;
    private readonly float[] _seen, _actions, _gradient, _errors;
    private readonly int[] _best;
    private readonly bool[] _allowed;
    private readonly int _width, _choices;

    /// <summary>Makes an agent with fresh weights and starts its environment.</summary>
    /// <param name="environment">Where it learns; it belongs to the agent from now on.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">The seed of weights, exploration, draws and episodes.</param>
    /// <exception cref="ArgumentException">The actions are not discrete, or their number is no multiple of the rungs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public DoubleDqn(VectorEnvironment environment, DoubleDqnOptions options, ulong seed)
    {
        options.Check();
        if (environment.ActionSpace is not DiscreteSpace actions) throw new ArgumentException($"Double DQN chooses among actions; those of {environment.Name} are not discrete.", nameof(environment));
        (_environment, _options, Seed, _width, _choices) = (environment, options, seed, environment.ObservationSpace.Width, actions.Count);
        _replay = new ReplayBuffer(_width, 1, environment.Count, new ReplayOptions { Capacity = options.ReplayCapacity, Steps = options.Steps, Discount = options.Discount, Prioritised = options.Prioritised, MaskedChoices = environment.IsMasked ? _choices : 0 });
        if (_choices % options.Rungs != 0) throw new ArgumentException($"{environment.Name} has {_choices} actions, which are not actions times {options.Rungs} rungs.", nameof(options));
        Energy = new DualVariable(options.Energy);
        _batch = new ReplayBatch(options.BatchSize, _width, 1, environment.IsMasked ? _choices : 0);
        _allowed = new bool[environment.Allowed.Length];
        (Policy, _target) = (new QNetwork(_width, options.Hidden, _choices), new QNetwork(_width, options.Hidden, _choices));
        Policy.Network.Initialize(seed);
        _target.MoveTowards(Policy, 1);
        _optimiser = new Adam<float>(Policy.Network.Parameters);
        _random = RandomStream.For(seed, "double-dqn");
        (_seen, _actions) = (new float[environment.Count * _width], new float[environment.Count]);
        (_gradient, _errors, _best) = (new float[options.BatchSize * _choices], new float[options.BatchSize], new int[options.BatchSize]);
        environment.Reset(seed);
    }

    /// <summary>Gets the seed.</summary>
    public ulong Seed { get; }

    /// <summary>Gets the network that acts; use <see cref="QNetwork.Best"/> for the greedy action.</summary>
    public QNetwork Policy { get; }

    /// <summary>Gets the environment steps made, all copies together.</summary>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public VectorEnvironment Environment => _environment;

    /// <inheritdoc/>
    public IActor Actor => Policy;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, double Value)> Figures => [("loss", Loss), ("exploration", Exploration), ("updates", Updates), ("energy_price", Energy.Price)];

    /// <summary>Gets the updates made.</summary>
    public long Updates => _optimiser.Steps;

    /// <summary>Gets the loss of the last update; NaN before the first.</summary>
    public double Loss { get; private set; } = double.NaN;

    internal ReplayBuffer Replay => _replay;

    /// <summary>Gets what a joule costs now.</summary>
    public DualVariable Energy { get; }

    /// <summary>Gets the present share of random actions. It depends on the steps alone: an episode's end does not start it over.</summary>
    public double Exploration => Along(_options.ExplorationStart, _options.ExplorationEnd, _options.ExplorationSteps);

    /// <summary>Gets the hash of what must be the same to resume: options, seed, environment and copies.</summary>
    public ulong Configuration => RandomStream.Fnv1a(FormattableString.Invariant($"double-dqn {_options.Description} {Seed} {_environment.Name} {_environment.Count} {_width} {_choices}"));

    /// <summary>Acts and learns until a number of environment steps is reached.</summary>
    /// <param name="steps">The total, counted from the beginning; where it is reached already, nothing happens.</param>
    /// <param name="stop">Ends it before the next step; the agent can go on later.</param>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite; the weights are those before it.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public void Train(long steps, CancellationToken stop = default)
    {
        while (Steps < steps)
        {
            stop.ThrowIfCancellationRequested();
            long before = Steps;
            Act();
            if (Steps < _options.LearningStarts) continue;
            if (Due(before, _options.TrainEvery))
            {
                for (int i = 0; i < _options.UpdatesPerTraining; i++) Update();
            }
            if (Due(before, _options.TargetEvery)) _target.MoveTowards(Policy, _options.TargetShare);
        }
    }

    /// <summary>Plays episodes greedily, without learning and without touching the agent's state.</summary>
    /// <param name="environment">Another environment than the one it learns in, with the same spaces.</param>
    /// <param name="firstSeed">The seed of the first episode; the next ones follow.</param>
    /// <param name="episodes">How many, at least 1.</param>
    /// <returns>The undiscounted return of each.</returns>
    /// <exception cref="ArgumentException">The spaces differ.</exception>
    public double[] Evaluate(IEnvironment environment, ulong firstSeed, int episodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        if (environment.ObservationSpace.Width != _width || environment.ActionSpace != _environment.ActionSpace)
        {
            throw new ArgumentException($"{environment.Name} has other spaces than {_environment.Name}, for which the agent was made.", nameof(environment));
        }
        return [.. AgentScore.Of(Policy, environment, firstSeed, episodes).Returns];
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Steps);
        w.Write(Loss);
        w.Write(_optimiser.Steps);
        w.Write(_random);
        foreach (var array in Arrays()) w.WriteSpan<float>(array);
        StatePart.Write(w, _environment);
        StatePart.Write(w, _replay);
        StatePart.Write(w, Energy);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "double DQN");
        Steps = r.Read<long>();
        Loss = r.Read<double>();
        _optimiser.Steps = r.Read<long>();
        r.Require(Steps >= 0 && _optimiser.Steps >= 0, "a count");
        r.Read(_random);
        foreach (var array in Arrays()) r.ReadFinite(array, "weights");
        _environment.Thaw(r.ReadBytes());
        _replay.Thaw(r.ReadBytes());
        Energy.Thaw(r.ReadBytes());
        r.End();
    }

    private void Act()
    {
        _environment.Observations.CopyTo(_seen);
        _environment.Allowed.CopyTo(_allowed);
        var values = Policy.Values(_seen, _environment.Count);
        double exploration = Exploration;
        for (int i = 0; i < _actions.Length; i++)
        {
            var allowed = Mask(_allowed, i);
            _actions[i] = _random.NextDouble() < exploration ? RandomChoice.Draw(_random, _choices, _options.Rungs, allowed) : QNetwork.Largest(values.Slice(i * _choices, _choices), allowed);
        }
        _environment.Step(_actions);
        for (int i = 0; i < _actions.Length; i++)
        {
            var result = _environment.Results[i];
            _replay.Add(i, _seen.AsSpan(i * _width, _width), _actions.AsSpan(i, 1), result, _environment.FinalObservations.Slice(i * _width, _width), Mask(_environment.FinalAllowed, i));
            Energy.Add(result.Joules, result.Ticks * _environment.TickSeconds);
        }
        Steps += _actions.Length;
    }

    private void Update()
    {
        // With n steps the first transition may come after the first updates are due.
        if (_replay.Count == 0) return;
        int n = _batch.Size;
        _replay.Sample(_random, _batch, Along(_options.CorrectionStart, 1, _options.CorrectionSteps));
        var chooser = (_options.DoubleEstimation ? Policy : _target).Values(_batch.NextObservations, n);
        for (int i = 0; i < n; i++) _best[i] = QNetwork.Largest(chooser.Slice(i * _choices, _choices), Mask(_batch.NextAllowed, i));
        var next = _options.DoubleEstimation ? _target.Values(_batch.NextObservations, n) : chooser;
        // The learning network's last pass must be the one that goes backwards.
        var values = Policy.Values(_batch.Observations, n, training: true);
        double loss = Errors(values, next);
        Policy.Network.ClearGradients();
        Policy.Network.Backward(_gradient);
        double norm = GradientNorm.Clip(Policy.Network.Parameters, _options.ClipNorm);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new TrainingDivergedException(FormattableString.Invariant($"Double DQN, step {Steps}, update {Updates + 1}: the loss is {loss}, the norm of the gradient {norm}. ")
                + "Lower the learning rate or the bound on the norm, or scale the rewards.");
        }
        _optimiser.Step(_options.LearningRate);
        _replay.UpdatePriorities(_batch.Indices, _errors);
        Loss = loss;
    }

    // Fills errors and the gradient of the mean weighted Huber loss; only the action that was taken has one.
    private double Errors(ReadOnlySpan<float> values, ReadOnlySpan<float> next)
    {
        int n = _batch.Size;
        double loss = 0, bend = _options.HuberThreshold;
        Array.Clear(_gradient);
        for (int i = 0; i < n; i++)
        {
            int taken = i * _choices + (int)_batch.Actions[i];
            double reward = _batch.Rewards[i] - _options.DecisionCost * _batch.Decisions[i] - Energy.Price * _batch.Energies[i];
            double error = values[taken] - (reward + (double)_batch.Discounts[i] * next[i * _choices + _best[i]]), size = Math.Abs(error), weight = _batch.Weights[i];
            loss += weight * (size <= bend ? 0.5 * error * error : bend * (size - 0.5 * bend)) / n;
            _gradient[taken] = (float)(weight * Math.Clamp(error, -bend, bend) / n);
            _errors[i] = (float)error;
        }
        return loss;
    }

    private ReadOnlySpan<bool> Mask(ReadOnlySpan<bool> all, int row) => all.IsEmpty ? default : all.Slice(row * _choices, _choices);

    private double Along(double from, double to, int steps) => from + (to - from) * Math.Min(1, (double)Steps / steps);

    private bool Due(long before, int every) => Steps / every > before / every;

    private IEnumerable<float[]> Arrays() =>
        Policy.Network.Parameters.Select(p => p.Value).Concat(_target.Network.Parameters.Select(p => p.Value)).Concat(_optimiser.State.Select(s => s.Values));
}
