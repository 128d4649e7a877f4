using System.Buffers;
using EdgeAutonomy.Policies;

namespace EdgeAutonomy.Learning;

/// <summary>The project's rover on its way to one goal: every decision says how to move and when to look again (switch-cost semi-Markov formulation, adaptive-time-stepping notes §7).</summary>
/// <remarks>
/// <para>World, motors, sensors, guard, governor, way-finding and fallback are the ones of a real loop (<see cref="JointDriver"/>); there is no camera, ranges come from the scanner. Action index = motion · K + rung.
/// A tick is 1 ms. The reward is Σ γ^i·r_i over the ticks executed: progress along the shortest way in metres, +10 at the goal, −10 at a contact, less 0.05 of a change of command. Both ends are terminal, the
/// time limit is truncation. A decision's cost and a joule's price are the learner's matter. The action credited is the one requested; period and speed executed are what filter and guard left of it (§7.5).</para>
/// <para>Decisions at rest, in recovery, and where the mask leaves nothing are made by rules and belong to the step before them, so n counts their ticks too; <see cref="Looks"/> counts them.</para>
/// <para>Deterministic. Not thread-safe. <see cref="Step"/> allocates nothing; <see cref="Reset"/> makes a world.</para>
/// </remarks>
public sealed class RoverEnvironment : IMaskedEnvironment
{
    internal const double GoalReward = 10, CollisionReward = -10, ChangeCost = 0.05;

    private readonly RoverTask _task;
    private readonly double _gamma;
    private readonly int _choices, _limitTicks;
    private readonly bool[] _all;
    private readonly ushort[] _actions;
    private RoverEpisode? _episode;
    private ulong _seed;
    private int _made;

    /// <summary>Makes an environment; <see cref="Reset"/> starts it.</summary>
    /// <param name="task">Worlds, periods, filter.</param>
    /// <exception cref="ArgumentException">A value of the task breaks a rule.</exception>
    public RoverEnvironment(RoverTask task)
    {
        task.Check();
        _task = task;
        Schema = task.MotionByRules ? LearnedPacer.SchemaFor(task.Grid) : JointSchema.For(task.Robot, task.Grid);
        _choices = task.FixedRung < 0 ? Schema.Values : Schema.Actions.Count;
        ActionSpace = new DiscreteSpace(_choices);
        ObservationSpace = Unit(Schema.Inputs.Count);
        _gamma = DeterministicMath.Pow(task.DiscountPerSecond, TickSeconds);
        _limitTicks = task.LimitTicks;
        _all = new bool[Schema.Values];
        _actions = new ushort[_limitTicks + 1];
        Name = $"Rover-v1 {task.Description} {Schema.Hash}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the task.</summary>
    public RoverTask Task => _task;

    /// <summary>Gets the contract of a policy that is trained here; observations are scaled by it to [−1, 1].</summary>
    public PolicySchema Schema { get; }

    /// <inheritdoc/>
    public BoxSpace ObservationSpace { get; }

    /// <inheritdoc/>
    public Space ActionSpace { get; }

    /// <inheritdoc/>
    public double TickSeconds => 1e-3;

    /// <inheritdoc/>
    public bool IsMasked => true;

    /// <summary>Gets γ per tick.</summary>
    public double Discount => _gamma;

    /// <summary>Gets how many cycles the loop made in this episode, decisions by rules included.</summary>
    public int Looks => Episode.Looks;

    /// <summary>Gets how many of them were decided by rules.</summary>
    public int RuleLooks => Episode.RuleLooks;

    /// <summary>Gets the time of this episode in seconds.</summary>
    public double Seconds => Episode.Ticks * TickSeconds;

    /// <summary>Gets the energy of sensing and deciding in this episode, in joules.</summary>
    public double Joules => Episode.Joules;

    /// <summary>Gets whether the goal was reached.</summary>
    public bool ReachedGoal => Episode.ReachedGoal;

    /// <summary>Gets whether the robot touched something.</summary>
    public bool Collided => Episode.Collided;

    /// <summary>Gets the running episode, for arms that look inside.</summary>
    internal RoverEpisode Episode => _episode ?? throw new InvalidOperationException($"{Name}: no episode was started; call Reset.");

    /// <inheritdoc/>
    public void Reset(ulong seed, Span<float> observation)
    {
        if (observation.Length != ObservationSpace.Width) throw new ArgumentException($"{Name}: the observation has room for {observation.Length} numbers; must be {ObservationSpace.Width}.", nameof(observation));
        (_seed, _made) = (seed, 0);
        _episode = new RoverEpisode(_task, seed);
        _episode.Look(_limitTicks);
        Scale(_episode.Observation, observation);
    }

    /// <inheritdoc/>
    public void Allowed(Span<bool> allowed)
    {
        if (allowed.Length != _choices) throw new ArgumentException($"{Name}: {allowed.Length} flags are given for {_choices} actions.", nameof(allowed));
        if (_task.MotionByRules) Episode.AllowedPeriods(_all);
        else Episode.Driver.Allowed(_all);
        int periods = _task.Grid.Count;
        bool any = false;
        for (int i = 0; i < allowed.Length; i++) any |= allowed[i] = _task.FixedRung < 0 ? _all[i] : _all[i * periods + _task.LeastRung];
        // After the end nothing is to be chosen any more; a mask must still leave something.
        if (!any) allowed[0] = true;
    }

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        if (!ActionSpace.Contains(action)) throw new ArgumentException($"{Name}: the action is none of 0 to {_choices - 1}.", nameof(action));
        if (observation.Length != ObservationSpace.Width) throw new ArgumentException($"{Name}: the observation has room for {observation.Length} numbers; must be {ObservationSpace.Width}.", nameof(observation));
        var e = Episode;
        if (e.IsOver(_limitTicks)) throw new InvalidOperationException($"{Name}: the episode has ended; call Reset.");
        int index = (int)action[0], periods = _task.Grid.Count;
        var (motion, period) = _task.FixedRung < 0 ? (index / periods, index % periods) : (index, _task.FixedRung);
        _actions[_made++] = (ushort)index;
        int from = e.Ticks;
        double joules = e.Joules;
        e.BeginStep(_gamma, GoalReward, CollisionReward);
        double change = e.Act(motion, period, _limitTicks);
        e.Look(_limitTicks);
        Scale(e.Observation, observation);
        bool terminated = e.ReachedGoal || e.Collided;
        return new StepResult(e.Reward - ChangeCost * change, terminated, !terminated && e.Ticks >= _limitTicks, Math.Max(1, e.Ticks - from), e.Joules - joules);
    }

    /// <inheritdoc/>
    /// <remarks>An episode is a function of its seed and the actions so far, and that is what is kept.</remarks>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_episode is not null);
        w.Write(_seed);
        w.WriteSpan<ushort>(_actions.AsSpan(0, _made));
    }

    /// <inheritdoc/>
    /// <remarks>Plays the episode again up to its present state.</remarks>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "rover environment");
        bool started = r.ReadBoolean();
        ulong seed = r.Read<ulong>();
        ushort[] actions = new ushort[_actions.Length];
        int made = r.ReadUpTo<ushort>(actions);
        r.End();
        _episode = null;
        if (!started) return;
        float[] observation = new float[ObservationSpace.Width];
        Reset(seed, observation);
        for (int i = 0; i < made; i++)
        {
            r.Require(actions[i] < _choices && !Episode.IsOver(_limitTicks), "an action");
            Step([actions[i]], observation);
        }
    }

    private void Scale(ReadOnlySpan<float> raw, Span<float> scaled)
    {
        for (int i = 0; i < raw.Length; i++)
        {
            var input = Schema.Inputs[i];
            scaled[i] = Math.Clamp((raw[i] - (float)input.Low) * (float)(2 / (input.High - input.Low)) - 1, -1, 1);
        }
    }

    private static BoxSpace Unit(int width)
    {
        float[] low = new float[width], high = new float[width];
        low.AsSpan().Fill(-1);
        high.AsSpan().Fill(1);
        return new BoxSpace(low, high);
    }
}
