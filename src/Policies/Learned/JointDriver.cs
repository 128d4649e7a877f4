using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>Everything about driving to a goal that is not learned: what a joint policy looks at, what it may choose now, and how the choice is carried out.</summary>
/// <remarks>
/// The same object stands in a loop (<see cref="JointPolicy"/>) and in the environment that trains it, so both see the same. Locating, memory, way and recovery are those of
/// <see cref="GoToGoalPolicy"/>; learned is which arc is driven at which speed, or whether as the rules would, and for how long. What may be chosen is a hard mask (adaptive-time-stepping notes §7.4): a period must end before the
/// stopping bound of the commanded arc and within a share of the time to contact, so that the loop's governor has nothing left to shorten. The order of every decision:
/// <see cref="Look"/>, then <see cref="Act"/> with a choice or <see cref="FallBack"/>. One thread; allocates nothing after construction.
/// </remarks>
public sealed class JointDriver : IFreezable, IPayload
{
    // Goes up with every change of what Freeze writes.
    private const int StateVersion = 1;

    /// <summary>The longest period after a decision by rules: what their own limits were made for. Where events alone tell of obstacles, these must be told of while they still cross the view.</summary>
    private static readonly Duration LongestByRules = Duration.FromMilliseconds(32), LongestByEvents = Duration.FromMilliseconds(8);

    // The tightest arc driven, 1/m; the time in which a turn on the spot would face the place driven to; the rate of a turn away from it.
    private const float TightestCurve = 4.7f, TurnSecond = 0.3f, AwayRate = 1.5f;

    // A motion that is not safe for this long is left to the rules: they know how to get out of tight places, and a network that may creep into them learns to be stuck there.
    private static readonly Duration LeastDrive = Duration.FromMilliseconds(120);

    private readonly GoToGoalPolicy _rules;
    private readonly PeriodGrid _grid;
    private readonly GovernorOptions _governor;
    private readonly Duration _reserve;
    private readonly JointObservation _observation;
    private readonly Duration[] _deadlines;
    private readonly int[] _arcs;
    private readonly float[] _share, _offset, _curvature;
    private float _towards;
    private int _period, _votes;
    private bool _free;

    /// <summary>Makes a driver.</summary>
    /// <param name="options">Body, limits and habits; null = the defaults.</param>
    /// <param name="grid">The loop's periods.</param>
    /// <param name="governor">The loop's limits on periods: a longer period needs as many votes in a row as they say.</param>
    /// <param name="reserve">What waking up and deciding take at their worst: taken off every deadline. Null = 0.5 ms.</param>
    /// <param name="speedCap">A speed that is not exceeded, in metres per second; the policy was trained for the one in the options. Null = none.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every error.</exception>
    public JointDriver(GoToGoalOptions? options, PeriodGrid grid, GovernorOptions governor, Duration? reserve = null, double? speedCap = null)
    {
        _rules = new GoToGoalPolicy(options) { SpeedCap = (float)(speedCap ?? double.PositiveInfinity) };
        (_grid, _governor, _reserve) = (grid, governor, reserve ?? Duration.FromMicroseconds(500));
        Schema = JointSchema.For(_rules.Options, grid);
        (_share, _offset) = ([.. Schema.Actions.Select(a => (float)a[0])], [.. Schema.Actions.Select(a => (float)a[1])]);
        (_deadlines, _arcs, _curvature) = (new Duration[_share.Length], new int[_share.Length], new float[_share.Length]);
        _observation = new JointObservation(_rules, _arcs);
    }

    /// <summary>Gets the contract that a policy must have been trained for.</summary>
    public PolicySchema Schema { get; }

    /// <summary>Gets the options.</summary>
    public GoToGoalOptions Options => _rules.Options;

    /// <summary>Gets how long each action may be held at most, as of the last <see cref="Look"/>; zero = not at all.</summary>
    public ReadOnlySpan<Duration> Deadlines => _deadlines;

    /// <summary>Gets whether there is something to choose: a goal to drive to, a range scan that is not old, no rest and no recovery under way, and an action that may be held for the shortest period at least.</summary>
    public bool HasChoice => HasChoiceFor(0);

    /// <summary>Tells the same where no period shorter than a given one is possible.</summary>
    /// <param name="rung">Grid index of the shortest period.</param>
    public bool HasChoiceFor(int rung)
    {
        if (!_free) return false;
        foreach (var d in _deadlines)
        {
            if (d >= _grid[rung]) return true;
        }
        return false;
    }

    /// <summary>First part of a decision.</summary>
    /// <param name="percept">What was perceived.</param>
    /// <param name="context">The cycle.</param>
    /// <param name="observation">Takes what the policy looks at, in the order and units of <see cref="Schema"/>.</param>
    /// <returns>False when the odometry is no place: no decision is possible, and nothing has changed.</returns>
    public bool Look(in Percept percept, in CycleContext context, Span<float> observation)
    {
        _free = false;
        if (!_rules.Look(percept, context)) return false;
        Remember(context.Dt);
        ref readonly var step = ref _rules.Step;
        // Measures the arcs as well. What the rules would do is one of the motions to choose from.
        _rules.ChooseMotion();
        if (!step.Driving || step.Resting) _rules.Local.Measure();
        Aim(step);
        for (int a = 0; a < _share.Length; a++) _deadlines[a] = Deadline(a, step);
        // By rules for the shortest period is always there: it is what happens without a choice, and shorter than that nobody can look.
        _deadlines[JointSchema.ByRules] = Duration.Max(_deadlines[JointSchema.ByRules], _grid.Shortest);
        // Nothing was learned about driving by events alone; the rules know how.
        _free = step is { Driving: true, Resting: false, Recovering: false, HasScan: true };
        _observation.Fill(observation, _grid, _period, (float)_votes / Math.Max(1, _governor.GrowDwellCycles));
        return true;
    }

    /// <summary>Writes which values may be chosen, [action · periods + period].</summary>
    /// <param name="allowed">Takes the mask, as long as the schema has values.</param>
    public void Allowed(Span<bool> allowed)
    {
        for (int a = 0, i = 0; a < _deadlines.Length; a++)
        {
            for (int k = 0; k < _grid.Count; k++, i++) allowed[i] = _grid[k] <= _deadlines[a];
        }
    }

    /// <summary>Last part of a decision: carries out a choice.</summary>
    /// <param name="action">Index into the schema's actions.</param>
    /// <param name="period">Index into the grid.</param>
    /// <param name="decision">Takes action, period, limits and the next sensing.</param>
    public StageStatus Act(int action, int period, ref Decision<Twist2> decision)
    {
        ref readonly var step = ref _rules.Step;
        if (action == JointSchema.ByRules) return Carry(action, period, ref decision);
        var (speed, turn) = Command(action, step);
        float contact = _rules.Local.ContactAlong(_arcs[action], speed);
        _rules.TakeMotion(new Motion(speed, turn, speed > 0 ? _rules.Local.Free(_arcs[action]) : float.PositiveInfinity, contact, 0));
        return Carry(action, period, ref decision);
    }

    /// <summary>Last part of a decision, the other way: by rules, where nothing is to be chosen or nothing was.</summary>
    /// <param name="decision">Takes action, period, limits and the next sensing.</param>
    public StageStatus FallBack(ref Decision<Twist2> decision)
    {
        var status = _rules.Settle(ref decision);
        // Standing still because there is nowhere to go can be answered for as long as the limits say.
        bool rests = !_rules.Step.Driving || _rules.Step.Resting;
        Propose(_grid.IndexAtMost(rests ? decision.PeriodLimit : Duration.Min(decision.PeriodLimit, _rules.Step.HasScan ? LongestByRules : LongestByEvents)), ref decision);
        return status;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(StateVersion);
        w.Write(_period);
        w.Write(_votes);
        _rules.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Joint driver");
        r.Expect(StateVersion, "version");
        _period = r.ReadInt32(0, _grid.Count - 1);
        _votes = r.ReadInt32(0, int.MaxValue);
        _rules.Thaw(state[(3 * sizeof(int))..]);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_period);
        hasher.Add(_votes);
        _rules.AddTo(ref hasher);
    }

    // The governor's own count is not visible to a policy; this one follows the same rule, and starts over where a period did grow.
    private void Remember(Duration dt)
    {
        int period = _grid.IndexAtMost(dt);
        if (period != _period) _votes = 0;
        _period = period;
    }

    private void Propose(int period, ref Decision<Twist2> decision)
    {
        decision.PeriodIndex = (sbyte)period;
        _votes = period > _period ? Math.Min(_votes + 1, _governor.GrowDwellCycles) : 0;
    }

    private StageStatus Carry(int action, int period, ref Decision<Twist2> decision)
    {
        var status = _rules.Settle(ref decision);
        // The mask is this limit already: what was chosen within it is carried out.
        decision.PeriodLimit = _deadlines[action];
        Propose(period, ref decision);
        return status;
    }

    // The arc through a place (x, y) that starts ahead has the curvature 2y / (x² + y²).
    private void Aim(in DriveStep step)
    {
        float x = 1, y = 0;
        if (step.Driving) NearField.ToStart(step, step.TargetX, step.TargetY, out x, out y);
        float straight = Math.Clamp(2 * y / Math.Max(x * x + y * y, 0.01f), -TightestCurve, TightestCurve), bearing = (float)DeterministicMath.Atan2(y, x);
        _towards = Math.Clamp(bearing / TurnSecond, -step.TurnCap, step.TurnCap);
        for (int a = JointSchema.FirstDrive; a < _share.Length; a++)
        {
            _curvature[a] = Math.Clamp(straight + _offset[a], -TightestCurve, TightestCurve);
            _arcs[a] = _rules.Local.ArcOf(_curvature[a]);
        }
    }

    // An action keeps its curvature where its speed has to be lower.
    private (float Speed, float Turn) Command(int action, in DriveStep step)
    {
        if (_share[action] > 0)
        {
            float speed = Math.Min(_share[action] * _rules.Options.MaxSpeedMetrePerSecond, _rules.Local.SpeedLimit(_arcs[action], step.SpeedCap));
            return (speed, _curvature[action] * speed);
        }
        if (_offset[action] >= 0) return (0, _offset[action] * _towards);
        return (0, _towards >= 0 ? -Math.Min(AwayRate, step.TurnCap) : Math.Min(AwayRate, step.TurnCap));
    }

    private Duration Deadline(int action, in DriveStep step)
    {
        if (action == JointSchema.ByRules) return Limit(Math.Abs(step.Motion.Linear) > StoppingBound.RestSpeed, Math.Abs(step.Motion.Linear), step.Motion.FreeMetre, step.Motion.ContactSecond, step);
        var (speed, _) = Command(action, step);
        bool drives = _share[action] > 0;
        // Creeping towards what is too near to drive at is no action of its own.
        if (drives && speed < 0.05f) return Duration.Zero;
        var limit = Limit(drives, speed, _rules.Local.Free(_arcs[action]), _rules.Local.ContactAlong(_arcs[action], speed), step);
        return limit < LeastDrive ? Duration.Zero : limit;
    }

    private Duration Limit(bool drives, float speed, float free, float contact, in DriveStep step)
    {
        var limit = Duration.Unlimited;
        if (drives)
        {
            float fastest = Math.Max(speed, Math.Abs(step.Velocity.Linear));
            limit = StoppingBound.PeriodLimit(free + step.LeadMetre, fastest, _rules.Options.DecelerationMetrePerSecondSquared, Duration.FromSeconds(_rules.Options.ActuationLatencySecond));
            contact = Math.Min(contact, (free + step.LeadMetre) / fastest);
        }
        if (float.IsFinite(contact)) limit = Duration.Min(limit, Duration.FromSeconds(Math.Max(contact, 0) * _governor.ContactShare));
        return limit == Duration.Unlimited ? limit : limit > _reserve ? limit - _reserve : Duration.Zero;
    }
}
