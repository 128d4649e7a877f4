using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>An environment whose state is a short vector of float64 and whose episodes end after a number of steps at the latest.</summary>
/// <remarks>It owns what the concrete ones share: checks, the step limit, freezing. Not thread-safe; allocation-free after construction.</remarks>
public abstract class PhysicsEnvironment : IEnvironment
{
    private readonly double[] _state, _next;
    private bool _running;

    /// <summary>Makes an environment.</summary>
    /// <param name="name">The name with its version.</param>
    /// <param name="observations">Where observations lie.</param>
    /// <param name="actions">Where actions lie.</param>
    /// <param name="stateCount">Numbers in the state.</param>
    /// <param name="tickSeconds">The time of a step, in seconds.</param>
    /// <param name="stepLimit">Steps after which an episode is truncated, at least 1.</param>
    private protected PhysicsEnvironment(string name, BoxSpace observations, Space actions, int stateCount, double tickSeconds, int stepLimit)
    {
        if (stepLimit < 1) throw new ArgumentOutOfRangeException(nameof(stepLimit), $"{name}: the step limit is {stepLimit}; must be 1 or more.");
        (Name, ObservationSpace, ActionSpace, TickSeconds, StepLimit) = (name, observations, actions, tickSeconds, stepLimit);
        (_state, _next) = (new double[stateCount], new double[stateCount]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public BoxSpace ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public double TickSeconds { get; }

    /// <summary>Gets after how many steps an episode is truncated.</summary>
    public int StepLimit { get; }

    /// <summary>Gets the steps made in this episode.</summary>
    public int Steps { get; private set; }

    /// <summary>Gets the physical state, in the order that the concrete class documents; valid until the next step.</summary>
    public ReadOnlySpan<double> State => _state;

    /// <inheritdoc/>
    public void Reset(ulong seed, Span<float> observation)
    {
        CheckObservation(observation);
        Draw(new CounterRandom(seed), _state);
        Begin(observation);
    }

    /// <summary>Starts an episode from a given physical state, in the order that the concrete class documents.</summary>
    /// <param name="state">The state; all finite.</param>
    /// <param name="observation">Takes the first observation.</param>
    /// <exception cref="ArgumentException">A span has another length, a number is not finite, or none that an episode can have.</exception>
    public void Start(ReadOnlySpan<double> state, Span<float> observation)
    {
        CheckObservation(observation);
        if (state.Length != _state.Length) throw new ArgumentException($"{Name}: {state.Length} numbers are given for a state of {_state.Length}.", nameof(state));
        foreach (double x in state)
        {
            if (!double.IsFinite(x)) throw new ArgumentException($"{Name}: the state holds {x}; must be finite.", nameof(state));
        }
        if (!IsPossible(state)) throw new ArgumentException($"{Name}: the state holds a number that no episode can have; see the order and the ranges in its documentation.", nameof(state));
        state.CopyTo(_state);
        Begin(observation);
    }

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        CheckObservation(observation);
        CheckAction(action);
        if (!_running) throw new InvalidOperationException($"{Name}: the episode has ended after {Steps} steps; call Reset before the next step.");
        _state.CopyTo(_next, 0);
        var (reward, terminated) = Advance(action, _next);
        _next.CopyTo(_state, 0);
        Steps++;
        bool truncated = Steps >= StepLimit;
        _running = !terminated && !truncated;
        Observe(_state, observation);
        return new StepResult(reward, terminated, truncated);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.WriteSpan<double>(_state);
        w.Write(Steps);
        w.Write(_running);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, Name);
        r.ReadSpan<double>(_next);
        int steps = r.ReadInt32(0, StepLimit);
        bool running = r.ReadBoolean();
        r.End();
        foreach (double x in _next) r.Require(double.IsFinite(x), "a number in its physical state");
        r.Require(IsPossible(_next), "a number in its physical state");
        _next.CopyTo(_state, 0);
        (Steps, _running) = (steps, running);
    }

    /// <summary>Draws the first state of an episode.</summary>
    /// <param name="random">The generator of the episode.</param>
    /// <param name="state">Takes the state.</param>
    private protected abstract void Draw(CounterRandom random, Span<double> state);

    /// <summary>Computes the next state in place.</summary>
    /// <param name="action">A checked action; box actions are not clipped yet.</param>
    /// <param name="state">The state before, and after.</param>
    private protected abstract (double Reward, bool Terminated) Advance(ReadOnlySpan<float> action, Span<double> state);

    /// <summary>Returns whether finite numbers can be a state.</summary>
    private protected virtual bool IsPossible(ReadOnlySpan<double> state) => true;

    /// <summary>Writes what can be seen of a state.</summary>
    private protected abstract void Observe(ReadOnlySpan<double> state, Span<float> observation);

    private void Begin(Span<float> observation)
    {
        (Steps, _running) = (0, true);
        Observe(_state, observation);
    }

    private void CheckObservation(Span<float> observation)
    {
        if (observation.Length != ObservationSpace.Width) throw new ArgumentException($"{Name}: {observation.Length} numbers are given for an observation of {ObservationSpace.Width}.", nameof(observation));
    }

    private void CheckAction(ReadOnlySpan<float> action)
    {
        if (action.Length != ActionSpace.Width) throw new ArgumentException($"{Name}: {action.Length} numbers are given for an action of {ActionSpace.Width}.", nameof(action));
        if (ActionSpace is DiscreteSpace choices && !choices.Contains(action)) throw new ArgumentException($"{Name}: action {action[0]} is none of 0 to {choices.Count - 1}.", nameof(action));
        foreach (float a in action)
        {
            if (float.IsNaN(a)) throw new ArgumentException($"{Name}: an action is not a number.", nameof(action));
        }
    }
}
