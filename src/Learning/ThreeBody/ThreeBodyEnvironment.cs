namespace EdgeAutonomy.Learning;

/// <summary>The three-body problem as a sequence of decisions: every 0.1 yr, choose the integrator's step parameter.</summary>
/// <remarks>
/// <para>
/// Source: arXiv 2502.12809 and its code (<c>env/ThreeBP_env.py</c>). <see cref="ThreeBodyEnvironmentOptions.Published"/> is that environment; the defaults are
/// ours: a state that holds all that the reward depends on, a reward with a price on the work done, the time limit a truncation, disjoint seed sets.
/// </para>
/// <para>
/// The energy error stands for the error of the orbit; it is not the same thing. Cost is a count, never wall time. After construction nothing is allocated.
/// Same seed and actions, same bits, on every machine. Not safe for several threads at once.
/// </para>
/// </remarks>
public sealed class ThreeBodyEnvironment
{
    private readonly ThreeBodyEnvironmentOptions _options;
    private readonly LegacyUniform _generator = new(0);
    private readonly uint _firstSeed;
    private readonly uint _lastSeed;
    private ThreeBodyCheckpoint _now;

    /// <summary>Creates an environment; call <see cref="Reset"/> before the first step.</summary>
    /// <param name="options">What it is; null for our formulation with Hermite.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ThreeBodyEnvironment(ThreeBodyEnvironmentOptions? options = null)
    {
        _options = options ?? new ThreeBodyEnvironmentOptions();
        _options.Validate();
        (_firstSeed, _lastSeed) = _options.Seeds.Bounds();
    }

    /// <summary>Gets what it is.</summary>
    public ThreeBodyEnvironmentOptions Options => _options;

    /// <summary>Gets the length of an observation.</summary>
    public int ObservationLength => ThreeBodyView.Length(_options.Observation);

    /// <summary>Gets the number of actions: rungs of the ladder, 0 the finest.</summary>
    public int ActionCount => _options.Ladder.Count;

    /// <summary>Gets whether an episode is under way.</summary>
    public bool IsRunning => _now.IsRunning;

    /// <summary>Gets the seed of the episode begun last.</summary>
    public uint Seed => _now.Seed;

    /// <summary>Gets the bodies as they are now, in n-body units.</summary>
    public ThreeBodyState State => _now.State;

    /// <summary>Starts an episode from the published initial conditions of a seed.</summary>
    /// <param name="seed">A seed of <see cref="ThreeBodyEnvironmentOptions.Seeds"/>.</param>
    /// <param name="observation">Receives <see cref="ObservationLength"/> numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is not in the set.</exception>
    /// <exception cref="ArgumentException">The observation is too short.</exception>
    public void Reset(uint seed, Span<float> observation)
    {
        RequireRoom(observation);
        if (seed < _firstSeed || seed > _lastSeed)
            throw new ArgumentOutOfRangeException(nameof(seed), seed, $"Seeds of the set {_options.Seeds} are {_firstSeed} to {_lastSeed}.");
        ThreeBodyState state = ThreeBodySystem.FromSeed(seed, _generator);
        double energy = ThreeBodySystem.Energy(state);
        _now = new ThreeBodyCheckpoint { State = state, StartEnergy = energy, Energy = energy, Seed = seed, IsRunning = true };
        Observe(StartError, observation);
    }

    /// <summary>Integrates to the next check with the chosen parameter.</summary>
    /// <param name="action">A rung of the ladder, from 0 (finest) to <see cref="ActionCount"/> − 1.</param>
    /// <param name="observation">Receives <see cref="ObservationLength"/> finite numbers, also at the end of an episode.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such action.</exception>
    /// <exception cref="ArgumentException">The observation is too short.</exception>
    /// <exception cref="InvalidOperationException">No episode is under way.</exception>
    public ThreeBodyTransition Step(int action, Span<float> observation)
    {
        RequireRoom(observation);
        if ((uint)action >= (uint)ActionCount)
            throw new ArgumentOutOfRangeException(nameof(action), action, $"Actions of this environment are 0 to {ActionCount - 1}.");
        if (!_now.IsRunning) throw new InvalidOperationException("No three-body episode is under way: it has ended or never began; call Reset.");

        double parameter = _options.Ladder[action];
        IntegrationResult result = Integrate(parameter);
        double error = Measure(action, result);
        bool failed = result.Outcome != IntegrationOutcome.Reached || !(Math.Abs(error) <= _options.ErrorStop);
        double reward = Reward(error, parameter, result, failed);
        bool last = _now.Check == _options.Checks;
        bool terminated = failed || (last && _options.TimeLimitIsTerminal);
        _now.IsRunning = !terminated && !last;
        Observe(error, observation);
        var info = new ThreeBodyInfo(_now.Check, _now.State.Time, error, _now.IntervalError, parameter, result);
        return new ThreeBodyTransition(reward, terminated, last && !terminated, info);
    }

    /// <summary>Returns the present moment of the episode.</summary>
    public ThreeBodyCheckpoint Save() => _now;

    /// <summary>Goes back to a moment saved by this environment or one with the same options.</summary>
    /// <param name="checkpoint">The moment.</param>
    public void Restore(in ThreeBodyCheckpoint checkpoint) => _now = checkpoint;

    /// <summary>Writes the observation of the present moment, as <see cref="Reset"/> or <see cref="Step"/> gave it: after <see cref="Restore"/>, say.</summary>
    /// <param name="observation">Receives <see cref="ObservationLength"/> numbers.</param>
    /// <exception cref="ArgumentException">The observation is too short.</exception>
    public void Look(Span<float> observation)
    {
        RequireRoom(observation);
        if (_now.Check == 0) Observe(StartError, observation);
        else Observe(((_now.Energy - _now.StartEnergy) / _now.StartEnergy) + 1e-20, observation);
    }

    // The published code shows an error of 1 at the start, so that the last entry is 0; ours shows none.
    private double StartError => _options.Observation == ThreeBodyObservation.Invariant ? 0 : 1;

    private IntegrationResult Integrate(double parameter)
    {
        _now.Check++;
        double own = _options.LadderInYears ? parameter / ThreeBodySystem.TimeYears : parameter;
        return _options.Integrator.Advance(ref _now.State, _now.Check * ThreeBodySystem.CheckStep, own);
    }

    private double Measure(int action, IntegrationResult result)
    {
        double energy = ThreeBodySystem.Energy(_now.State);
        _now.IntervalError = (energy - _now.Energy) / _now.StartEnergy;
        _now.Energy = energy;
        _now.LastRung = action;
        _now.LastSteps = result.Steps;
        return ((energy - _now.StartEnergy) / _now.StartEnergy) + 1e-20;
    }

    private double Reward(double error, double parameter, IntegrationResult result, bool failed)
    {
        if (_options.Reward == ThreeBodyRewardKind.Published)
            return ThreeBodyReward.Published(error, _now.Check, parameter, _options.PublishedAccuracyWeight, _options.PublishedSpeedWeight);
        double before = _now.Potential;
        _now.Potential = ThreeBodyReward.Potential(error, _options.Tolerance, _options.AccuracyWeight);
        double cost = _options.CostInForces ? result.ForceEvaluations : result.Steps;
        double reward = ThreeBodyReward.Ours(_now.Potential, before, cost, _options.ReferenceCost, _options.Price);
        return failed ? reward - _options.FailurePenalty : reward;
    }

    private void Observe(double error, Span<float> observation) => ThreeBodyView.Write(_options.Observation, _now, error, ActionCount, observation);

    private void RequireRoom(Span<float> observation)
    {
        if (observation.Length < ObservationLength)
            throw new ArgumentException($"The observation has room for {observation.Length} numbers; this environment writes {ObservationLength}.", nameof(observation));
    }
}
