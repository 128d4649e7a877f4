using System.Buffers;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Learning;

/// <summary>One robot in one world with everything of a loop but its thread: sense, look, act, pace, in the order of the loop.</summary>
internal sealed class RoverEpisode : IFreezable
{
    private const double NearMetre = 0.1;
    private static readonly Duration Tick = Duration.FromMilliseconds(1);

    private readonly RoverTask _task;
    private readonly World _world;
    private readonly Rover _rover;
    private readonly GoalField _field;
    private readonly RoverSensor _sensor;
    private readonly ActionGuard<Twist2> _guard;
    private readonly PeriodGovernor _governor;
    private readonly SensingArbiter _arbiter;
    private readonly Percept _percept = new(0, 0);
    private readonly ArrayBufferWriter<byte> _part = new();
    private readonly float[] _looked, _observation;
    private RoverSample _sample;
    private SensorReport _report = SensorReport.Empty;
    private Duration _dt;
    private Decision<Twist2> _decision = Decision<Twist2>.None;
    private double _gamma = 1, _factor = 1, _goalReward, _collisionReward;

    public RoverEpisode(RoverTask task, ulong seed)
    {
        (_task, Seed) = (task, seed);
        _world = new World(RoverWorlds.Create(task, seed));
        _rover = _world.Robots[0];
        _field = new GoalField(_world.Scenario, _rover.Goal.X, _rover.Goal.Y);
        _sensor = new RoverSensor(_world, 0, eventCapacity: 1);
        _sample = _sensor.CreateSample();
        _guard = new ActionGuard<Twist2>(new RoverActuator(_world, 0), new TwistRules { MaxLinear = task.Robot.MaxSpeedMetrePerSecond, MaxAngular = task.Robot.MaxTurnRateRadianPerSecond });
        _governor = new PeriodGovernor(task.Grid, task.Governor, 0);
        _arbiter = new SensingArbiter(Duration.FromMilliseconds(500));
        Driver = new JointDriver(task.Robot, task.Grid, task.Governor);
        _looked = new float[Driver.Schema.Inputs.Count];
        _observation = new float[task.MotionByRules ? LearnedPacer.SchemaFor(task.Grid).Inputs.Count : _looked.Length];
    }

    public ulong Seed { get; }

    public JointDriver Driver { get; }

    public World World => _world;

    public ReadOnlySpan<float> Observation => _observation;

    /// <summary>Gets Σ γ^i·r_i since <see cref="BeginStep"/>.</summary>
    public double Reward { get; private set; }

    public int Ticks { get; private set; }

    public int Looks { get; private set; }

    public int RuleLooks { get; private set; }

    public double Joules { get; private set; }

    public bool ReachedGoal => _rover.GoalsReached > 0;

    public bool Collided => _rover.Collisions > 0;

    /// <summary>Gets or sets what takes the state before each look; null = it is not kept. A state taken up again goes on with <see cref="Look"/>.</summary>
    public ArrayBufferWriter<byte>? BeforeLook { get; set; }

    public bool IsOver(int limitTicks) => ReachedGoal || Collided || Ticks >= limitTicks;

    public void BeginStep(double gamma, double goalReward, double collisionReward) => (Reward, _factor, _gamma, _goalReward, _collisionReward) = (0, 1, gamma, goalReward, collisionReward);

    /// <summary>Looks, and goes on by rules, until there is something to choose or the episode is over.</summary>
    public void Look(int limitTicks)
    {
        while (true)
        {
            if (BeforeLook is { } before)
            {
                before.ResetWrittenCount();
                Freeze(before);
            }
            Sense();
            var context = Context();
            if (!Driver.Look(_percept, context, _looked)) throw new InvalidOperationException("Bug in EdgeAutonomy.Learning: the simulated odometry is no place.");
            if (_task.MotionByRules)
            {
                _decision = Decision<Twist2>.None;
                Driver.FallBack(ref _decision);
                LearnedPacer.Observe(Summary(_decision), _observation);
                return;
            }
            _looked.CopyTo(_observation, 0);
            if (Driver.HasChoiceFor(_task.LeastRung) || IsOver(limitTicks)) return;
            var decision = Decision<Twist2>.None;
            Driver.FallBack(ref decision);
            RuleLooks++;
            int period = _task.FixedRung < 0 ? decision.PeriodIndex : _task.FixedRung;
            Carry(decision, period, limitTicks);
        }
    }

    /// <summary>Writes which periods the decision of the rules can answer for.</summary>
    public void AllowedPeriods(Span<bool> allowed)
    {
        var deadline = LearnedPacer.Deadline(Summary(_decision), _task.Governor.ContactShare);
        // The shortest is always there: shorter than that nobody can look.
        for (int k = 0; k < allowed.Length; k++) allowed[k] = k == 0 || _task.Grid[k] <= deadline;
    }

    /// <summary>Carries out a choice.</summary>
    /// <returns>By how much the command changed, each number as a share of its limit.</returns>
    public double Act(int motion, int period, int limitTicks)
    {
        var decision = _decision;
        var last = _guard.Last;
        if (!_task.MotionByRules)
        {
            decision = Decision<Twist2>.None;
            Driver.Act(motion, period, ref decision);
        }
        double change = Math.Abs(decision.Action.Linear - last.Linear) / _task.Robot.MaxSpeedMetrePerSecond + Math.Abs(decision.Action.Angular - last.Angular) / _task.Robot.MaxTurnRateRadianPerSecond;
        if (change < _task.TriggerChange)
        {
            // Looked at, and found to be as good as what is done already.
            decision.Action = last;
            change = 0;
        }
        Carry(decision, period, limitTicks);
        return change;
    }

    /// <inheritdoc/>
    /// <remarks>Between two cycles, as all of a loop: what was looked at but not yet acted on is no part of it.</remarks>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_dt.Nanoseconds);
        w.Write(Ticks);
        w.Write(Looks);
        w.Write(RuleLooks);
        w.Write(Joules);
        foreach (var part in Parts())
        {
            _part.ResetWrittenCount();
            part.Freeze(_part);
            w.WriteSpan(_part.WrittenSpan);
        }
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "rover episode");
        _dt = new Duration(r.Read<long>());
        Ticks = r.ReadInt32(0, int.MaxValue);
        Looks = r.ReadInt32(0, int.MaxValue);
        RuleLooks = r.ReadInt32(0, Looks);
        Joules = r.Read<double>();
        foreach (var part in Parts()) part.Thaw(r.ReadBytes());
        r.End();
    }

    private IFreezable[] Parts() => [_world, _sample, _guard, _governor, _arbiter, Driver];

    private CycleContext Context() => new() { CycleId = (ulong)Looks, Now = _world.Now, Dt = _dt, QualityTarget = 1, Rung = Rung.Nominal };

    private void Sense()
    {
        var context = Context();
        var request = _arbiter.Current((ulong)Looks, _world.Now, _task.Grid.Longest);
        _sensor.Sense(request, ref _sample, ref _report, context);
        _arbiter.Applied(_report.Applied, _world.Now);
        Joules += _report.Applied.EnergyMicrojoule * 1e-6 + _task.DecisionJoules;
        Fill();
    }

    private void Fill()
    {
        _percept.Odometry = _sample.Odometry;
        _percept.AngularVelocity = _sample.Imu.AngularVelocity;
        _percept.Goal = _sample.Goal;
        _percept.Scan = _sample.Scan;
    }

    private void Carry(in Decision<Twist2> decision, int period, int limitTicks)
    {
        var context = Context();
        var flags = CycleFlags.None;
        _guard.Send(_guard.Check(decision.Action, true, false, context.Dt, Rung.Nominal, ref flags), context);
        _arbiter.Submit(decision.Request, context.CycleId);
        var summary = Summary(decision);
        Looks++;
        int index = _task.FixedRung >= 0 && !_task.SafetyShrinks ? period : _governor.Apply(new PeriodChoice((byte)period, _task.FixedRung < 0 ? PeriodReason.Learned : PeriodReason.Fixed), summary).Index;
        Drive(_task.Grid[index], limitTicks);
    }

    private CycleSummary Summary(in Decision<Twist2> decision) => new()
    {
        CycleId = (ulong)Looks, Tag = _world.Now, Dt = _dt, PeriodIndex = _governor.Index, StepError = decision.StepError, TimeToContact = decision.TimeToContact,
        ProposedIndex = decision.PeriodIndex, PeriodLimit = decision.PeriodLimit, Trust = 1, Rung = Rung.Nominal,
    };

    private void Drive(Duration period, int limitTicks)
    {
        int ticks = (int)(period.Nanoseconds / Tick.Nanoseconds), from = Ticks;
        double way = _field.At(_rover.Pose.X, _rover.Pose.Y);
        bool near = _world.Clearance(0) < NearMetre;
        for (int i = 0; i < ticks; i++)
        {
            _world.AdvanceTo(_world.Now + Tick);
            Ticks++;
            double now = _field.At(_rover.Pose.X, _rover.Pose.Y), r = way - now;
            way = now;
            if (ReachedGoal) r += _goalReward;
            if (Collided) r += _collisionReward;
            Reward += _factor * r;
            _factor *= _gamma;
            if (IsOver(limitTicks) || _task.Interrupts && !near && _world.Clearance(0) < NearMetre) break;
        }
        _dt = new Duration((Ticks - from) * Tick.Nanoseconds);
    }
}
