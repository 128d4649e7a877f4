using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>The sensing-to-action loop: sense, perceive, decide, act, on one thread, without allocating.</summary>
/// <remarks>
/// <see cref="RunOnce"/> is one turn, in order. Stages see logical time only; what a turn decided from measured time (missed budgets, skipped slots) stands in
/// the <see cref="Cycle"/>, and is switched off by <see cref="LoopOptions.MeasuredDecisions"/> where a run must not depend on the machine.
/// One thread runs it: a <see cref="LoopThread"/> on a robot, a <see cref="Lockstep"/> in simulation.
/// </remarks>
/// <typeparam name="TSample">The sample.</typeparam>
/// <typeparam name="TPercept">The percept.</typeparam>
/// <typeparam name="TAction">The action.</typeparam>
public sealed class ControlLoop<TSample, TPercept, TAction> : IControlLoop
    where TSample : IPayload
    where TPercept : IPayload
    where TAction : unmanaged, IPayload
{
    private readonly LoopOptions _options;
    private readonly LoopStages<TSample, TPercept, TAction> _stages;
    private readonly IClock _clock;
    private readonly TypedCycle<TSample, TPercept, TAction> _cycle;
    private readonly StageRunner _run;
    private readonly ActionGuard<TAction> _guard;
    private readonly HealthLadder _ladder;
    private readonly PeriodGovernor _governor;
    private readonly SensingArbiter _arbiter;
    private readonly ICycleSink[] _sinks;
    private readonly int _decideStage, _actStage;
    private readonly IKeyframeSink[] _keyframeSinks;
    private readonly KeyframeWriter _keyframe = new();
    private readonly KeyframePart[] _parts;
    private readonly LoopOutside _outside;
    private SensorReport _goodReport = SensorReport.Empty;
    private LoopMemory _memory;
    private long _completed;
    private bool _fresh;

    /// <summary>Makes a loop.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="stages">What it runs.</param>
    /// <param name="clock">Its time.</param>
    /// <param name="measure">What boundaries are measured with; null = the machine's monotonic time.</param>
    /// <exception cref="ArgumentException">Two stages share a name, there are more than 64, or the start index is outside the grid.</exception>
    public ControlLoop(LoopOptions options, LoopStages<TSample, TPercept, TAction> stages, IClock clock, IMeasure? measure = null)
    {
        _options = options;
        _stages = stages;
        _clock = clock;
        var list = new List<IStage> { stages.Sensor };
        stages.Perceive.Collect(list);
        _decideStage = stages.Perceive.Bind(1, options.Anytime);
        _actStage = _decideStage + 1;
        list.Add(stages.Policy);
        list.Add(stages.Actuator);
        var names = list.ConvertAll(s => s.Name).ToArray();
        if (names.Length > 64) throw new ArgumentException($"Loop '{options.Name}' has {names.Length} stages; at most 64 are possible.", nameof(stages));
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            throw new ArgumentException($"Loop '{options.Name}' has stages named {string.Join(", ", names)}; names must differ, because random streams and messages go by them.", nameof(stages));
        }
        StageNames = names;
        Events = new SpscRing<LoopEvent>($"{options.Name}/events", 64);
        _outside = new LoopOutside(options);
        Statistics = new LoopStatistics(names.Length);
        _cycle = new TypedCycle<TSample, TPercept, TAction>(options.Name, names, options.Grid.Count, stages.Sample, stages.Percept);
        _run = new StageRunner(list, options, _cycle, measure ?? new MonotonicMeasure(), Events);
        _guard = new ActionGuard<TAction>(stages.Actuator, stages.Rules);
        _ladder = new HealthLadder(options.Health);
        _governor = new PeriodGovernor(options.Grid, options.Governor, options.StartIndex);
        _arbiter = new SensingArbiter(options.MaxUnseen);
        _sinks = [.. stages.Sinks];
        _keyframeSinks = [.. stages.Sinks.OfType<IKeyframeSink>()];
        _parts = [new("ladder", _ladder), new("governor", _governor), new("arbiter", _arbiter), new("guard", _guard), new("pacer", stages.Pacer), new("trust", stages.Trust)];
        _memory.Hash = options.Seed;
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public IReadOnlyList<string> StageNames { get; }

    /// <inheritdoc/>
    public PeriodGrid Grid => _options.Grid;

    /// <inheritdoc/>
    public Stamp NextDeadline => new(_memory.Deadline);

    /// <summary>Gets the newest cycle with its payloads. Loop thread only.</summary>
    public TypedCycle<TSample, TPercept, TAction> Cycle => _cycle;

    Cycle IControlLoop.Cycle => _cycle;

    /// <inheritdoc/>
    public long CompletedCycles => Volatile.Read(ref _completed);

    /// <inheritdoc/>
    public StageMarker Marker => _run.Marker;

    /// <inheritdoc/>
    public LoopStatistics Statistics { get; }

    /// <inheritdoc/>
    public SpscRing<LoopInput> Inbox => _outside.Inbox;

    /// <inheritdoc/>
    public SpscRing<LoopEvent> Events { get; }

    /// <inheritdoc/>
    public void Start()
    {
        foreach (var stage in _run.Stages)
        {
            try
            {
                stage.Start();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"Loop '{Name}' stage '{stage.Name}' could not start: {error.Message}", error);
            }
        }
        var now = _clock.Now;
        _memory.Deadline = now.Nanoseconds;
        _memory.PreviousTag = now.Nanoseconds;
        _memory.LastFresh = now.Nanoseconds;
        foreach (var sink in _keyframeSinks) sink.OnKeyframe(this, (ulong)_completed, now);
    }

    /// <inheritdoc/>
    public bool RunOnce()
    {
        _run.Mark(StagePhase.Waiting);
        var wait = _clock.WaitUntil(NextDeadline);
        if (wait.Interrupted) return false;
        Open(wait.Woke);
        DrainInbox();
        var sensed = Sense();
        var perceived = Perceive(sensed);
        Decide(perceived);
        Judge();
        Act();
        Account();
        Publish();
        return true;
    }

    /// <inheritdoc/>
    public void Finish()
    {
        _guard.StopNow();
        try
        {
            _guard.Send(_stages.Rules.Safe, _run.Context);
        }
        catch (Exception) { } // the actuator is broken; MakeSafe was sent, and its own command timeout is the last line
        _run.Mark(StagePhase.Stopped);
        foreach (var stage in _run.Stages) stage.Stop();
    }

    /// <inheritdoc/>
    public void StopNow()
    {
        Volatile.Write(ref _memory.WatchdogStop, true);
        _guard.StopNow();
    }

    private void Open(Stamp woke)
    {
        var period = _options.Grid[_governor.Index];
        var tag = NextDeadline;
        var lateness = woke - tag;
        var measured = _outside.Open((ulong)_completed, lateness, period, ref tag);
        _cycle.Id = (ulong)_completed;
        _cycle.Tag = tag;
        _cycle.DtPlanned = period;
        _cycle.Dt = tag - new Stamp(_memory.PreviousTag);
        _cycle.Lateness = lateness;
        _cycle.Measured = measured;
        _cycle.Flags = measured.SkippedSlots > 0 ? CycleFlags.GapBefore : CycleFlags.None;
        if (measured.SkippedSlots > 0) TellSkipped(lateness);
        _run.Begin(new CycleContext
        {
            CycleId = _cycle.Id,
            Now = tag,
            Dt = _cycle.Dt,
            QualityTarget = _ladder.Rung == Rung.Nominal ? 1f : 0.8f,
            Rung = _ladder.Rung,
        });
    }

    private void DrainInbox()
    {
        _cycle.InputCount = _outside.Drain(_cycle.Inputs);
        foreach (ref readonly var input in _cycle.Inputs.AsSpan(0, _cycle.InputCount))
        {
            switch (input.Kind)
            {
                case LoopInputKind.EmergencyStop: _memory.OperatorStop = true; break;
                case LoopInputKind.ClearStop: _memory.ClearStop = true; break;
                case LoopInputKind.PeriodCap: _governor.OperatorCap = input.Value > 0 ? Duration.FromMilliseconds(input.Value) : Duration.Unlimited; break;
                case LoopInputKind.Sensing: _arbiter.Submit(input.Request, _cycle.Id); break;
                case LoopInputKind.PeerLost: _memory.PeerLost = input.Value != 0; break;
                case LoopInputKind.RungFloor: _memory.Floor = input.Value is >= 0 and <= (int)Rung.Hold ? (Rung)input.Value : Rung.Hold; break;
            }
        }
    }

    private StageStatus Sense()
    {
        _cycle.Request = _arbiter.Current(_cycle.Id, _cycle.Tag, _options.Grid.Longest);
        _cycle.Report.Items = 0;
        _cycle.Report.Dropped = 0;
        if (!_run.Enter(0))
        {
            _cycle.Sensed = _cycle.Report; // not what an earlier cycle left there: a replay may begin here
            return StageStatus.Skipped;
        }
        StageStatus status;
        try
        {
            status = _stages.Sensor.Sense(_cycle.Request, ref _cycle.Sample, ref _cycle.Report, _run.Context);
        }
        catch (Exception error)
        {
            status = _run.Caught(error);
        }
        _cycle.Sensed = _cycle.Report;
        status = _run.Leave(0, status);
        if (status.HasOutput)
        {
            _arbiter.Applied(_cycle.Report.Applied, _cycle.Tag);
            _cycle.Report.Trust = _stages.Score(_cycle.Sample, _cycle.Report, _run.Context);
            _goodReport = _cycle.Report;
        }
        else if (status.IsFailed) _cycle.Report = _goodReport with { Items = 0, Dropped = 0 };
        return status;
    }

    private StageStatus Perceive(StageStatus sensed)
    {
        if (sensed.HasOutput) return _stages.Perceive.Run(_cycle.Sample, ref _cycle.Percept, _run);
        var status = sensed.Outcome == StageOutcome.NoOutput ? StageStatus.NoOutput : StageStatus.Skipped;
        _stages.Perceive.Pass(_run, status);
        return status;
    }

    private void Decide(StageStatus perceived)
    {
        _fresh = false;
        if (!perceived.HasOutput)
        {
            _run.Pass(_decideStage, perceived.Outcome == StageOutcome.NoOutput ? StageStatus.NoOutput : StageStatus.Skipped);
            return;
        }
        if (!_run.Enter(_decideStage)) return;
        _cycle.Decision = Decision<TAction>.None;
        StageStatus status;
        try
        {
            status = _stages.Policy.Decide(_cycle.Percept, ref _cycle.Decision, _run.Context);
            if (status.HasOutput && !_guard.IsFinite(_cycle.Decision.Action)) status = StageStatus.Failed(FailureCode.NotFinite);
        }
        catch (Exception error)
        {
            status = _run.Caught(error);
        }
        _fresh = _run.Leave(_decideStage, status).HasOutput;
        if (_fresh) _memory.LastFresh = _cycle.Tag.Nanoseconds;
    }

    /// <summary>Evaluates the ladder before the guard, so that a fault acts on the command of its own cycle.</summary>
    private void Judge()
    {
        var before = _ladder.Rung;
        bool watchdog = _cycle.Measured.WatchdogStop = _outside.WatchdogStop(ref _memory.WatchdogStop);
        if (_memory.ClearStop)
        {
            watchdog = _memory.OperatorStop = false;
            Volatile.Write(ref _memory.WatchdogStop, false);
            _guard.Release();
        }
        _cycle.Rung = _ladder.Step(new HealthInputs
        {
            Now = _cycle.Tag,
            Period = _cycle.DtPlanned,
            Missed = _memory.Missed,
            SlackShort = _memory.SlackShort,
            QueueFill = _cycle.Report.QueueFill,
            Trust = _cycle.Report.Trust,
            SampleAge = _cycle.Report.ValidTo == Stamp.Never ? Duration.Zero : _cycle.Tag - _cycle.Report.ValidTo,
            PerceptAge = _cycle.Tag - new Stamp(_memory.LastFresh),
            StageFailed = _run.AnyFailed,
            ActuatorFailed = _memory.ActuatorFailed,
            PeerLost = _memory.PeerLost,
            Floor = _memory.Floor,
            StopOnMiss = _run.StopOnMiss,
            WatchdogStop = watchdog,
            OperatorStop = _memory.OperatorStop,
            ClearStop = _memory.ClearStop,
        });
        _memory.ClearStop = false;
        _memory.OperatorStop = false;
        _cycle.RungReason = _ladder.Reason;
        if (_cycle.Rung == before) return;
        if (_cycle.Rung > before) _arbiter.ForceFull();
        Events.TryWrite(LoopEvent.RungChanged(_cycle, before, _ladder));
    }

    private void Act()
    {
        _cycle.Measured.GuardStopped = _outside.GuardStopped(_guard);
        bool warm = _cycle.Id < (ulong)_options.WarmUpCycles;
        var flags = _cycle.Flags | (warm ? CycleFlags.WarmUp : 0);
        _cycle.Applied = _guard.Check(_cycle.Decision.Action, _fresh, warm || _run.ForceSafe, _cycle.Dt, _cycle.Rung, ref flags);
        _cycle.Flags = flags;
        // The actuator is never left out: a silent one would run into its own command timeout.
        _run.EnterAlways(_actStage);
        StageStatus status;
        try
        {
            status = _guard.Send(_cycle.Applied, _run.Context);
        }
        catch (Exception error)
        {
            status = _run.Caught(error);
        }
        _memory.ActuatorFailed = _run.Leave(_actStage, status).IsFailed;
    }

    private void Account()
    {
        _run.Mark(StagePhase.Account);
        long busy = _cycle.BusyNs;
        _outside.Close(ref _cycle.Measured, _cycle.DtPlanned.Nanoseconds, busy);
        _memory.Missed = _cycle.Measured.CycleMissed;
        _memory.SlackShort = _cycle.Measured.SlackShort;
        if (_memory.Missed) _cycle.Flags |= CycleFlags.MissedDeadline;
        _arbiter.Submit(_cycle.Decision.Request, _cycle.Id);
        Pace();
        if (_stages.Energy is { } meter) _cycle.Energy = meter.Read(_cycle.Load(_options.MeasuredDecisions ? busy : 0, _stages.Rules.Effort(_cycle.Applied)));
        if (_options.HashState) _cycle.StateHash = _memory.Hash = CycleHash.Next(_memory.Hash, _cycle, _stages, _ladder, _governor);
        Statistics.Count(_cycle, _memory.Missed, _run.AnyFailed);
        _memory.PreviousTag = _cycle.Tag.Nanoseconds;
        _memory.Deadline = (_cycle.Tag + _options.Grid[_governor.Index]).Nanoseconds;
    }

    private void Pace()
    {
        var summary = _cycle.Summarize(_governor.Index, _fresh);
        var choice = _governor.Apply(_stages.Pacer.Next(summary, _cycle.PeriodValues), summary);
        _cycle.PeriodIndex = choice.Index;
        _cycle.PeriodReason = choice.Reason;
    }

    private void Publish()
    {
        foreach (var sink in _keyframeSinks)
        {
            if (sink.WantsKeyframe(_cycle)) _cycle.Flags |= CycleFlags.Keyframe;
        }
        foreach (var sink in _sinks) sink.OnCycle(_cycle);
        Volatile.Write(ref _completed, _completed + 1);
        if ((_cycle.Flags & CycleFlags.Keyframe) == 0) return;
        foreach (var sink in _keyframeSinks)
        {
            if (sink.WantsKeyframe(_cycle)) sink.OnKeyframe(this, (ulong)_completed, _cycle.Tag);
        }
    }

    private void TellSkipped(Duration lateness) =>
        Events.TryWrite(new LoopEvent { Kind = LoopEventKind.SlotsSkipped, CycleId = _cycle.Id, Tag = _cycle.Tag, Stage = -1, Value = lateness.Milliseconds, Limit = _cycle.SkippedSlots });

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        _keyframe.Begin(writer);
        _keyframe.Write("loop", Name, _memory);
        _keyframe.Write("loop", "cycles", _completed);
        _run.Freeze(_keyframe);
        foreach (ref readonly var part in _parts.AsSpan()) _keyframe.Write("part", part);
        _stages.Perceive.Freeze(_keyframe);
        _cycle.Freeze(_keyframe, _goodReport);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state, IReadOnlySet<string>? fresh = null)
    {
        var reader = new KeyframeReader(Name, state, fresh, _run.Outside());
        reader.Read("loop", Name, ref _memory);
        reader.Read("loop", "cycles", ref _completed);
        _run.Thaw(ref reader);
        foreach (ref readonly var part in _parts.AsSpan()) reader.Read("part", part);
        _stages.Perceive.Thaw(ref reader);
        _cycle.Thaw(ref reader, ref _goodReport);
        reader.End();
    }
}
