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
    private readonly LoopKeyframe _keyframe = new();
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
        Inbox = new SpscRing<LoopInput>($"{options.Name}/inbox", 16);
        Statistics = new LoopStatistics(names.Length);
        _cycle = new TypedCycle<TSample, TPercept, TAction>(options.Name, names, options.Grid.Count, stages.Sample, stages.Percept);
        _run = new StageRunner(list, options, _cycle, measure ?? new MonotonicMeasure(), Events);
        _guard = new ActionGuard<TAction>(stages.Actuator, stages.Rules);
        _ladder = new HealthLadder(options.Health);
        _governor = new PeriodGovernor(options.Grid, options.Governor, options.StartIndex);
        _arbiter = new SensingArbiter(options.MaxUnseen);
        _sinks = [.. stages.Sinks];
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
    public SpscRing<LoopInput> Inbox { get; }

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
        long slots = _options.MeasuredDecisions && lateness >= period ? lateness.Nanoseconds / period.Nanoseconds : 0;
        if (_options.OnOverrun == OverrunPolicy.CatchUp && slots > 0) slots--;
        tag += period * slots;
        _cycle.Id = (ulong)_completed;
        _cycle.Tag = tag;
        _cycle.DtPlanned = period;
        _cycle.Dt = tag - new Stamp(_memory.PreviousTag);
        _cycle.Lateness = lateness;
        _cycle.SkippedSlots = (int)slots;
        _cycle.Flags = slots > 0 ? CycleFlags.GapBefore : CycleFlags.None;
        if (slots > 0) Tell(LoopEventKind.SlotsSkipped, lateness.Milliseconds, slots);
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
        int n = 0;
        while (n < _cycle.Inputs.Length && Inbox.TryRead(out var input))
        {
            _cycle.Inputs[n++] = input;
            switch (input.Kind)
            {
                case LoopInputKind.EmergencyStop: _memory.OperatorStop = true; break;
                case LoopInputKind.ClearStop: _memory.ClearStop = true; break;
                case LoopInputKind.PeriodCap: _governor.OperatorCap = input.Value > 0 ? Duration.FromMilliseconds(input.Value) : Duration.Unlimited; break;
                case LoopInputKind.Sensing: _arbiter.Submit(input.Request, _cycle.Id); break;
                case LoopInputKind.PeerLost: _memory.PeerLost = input.Value != 0; break;
            }
        }
        _cycle.InputCount = n;
    }

    private StageStatus Sense()
    {
        _cycle.Request = _arbiter.Current(_cycle.Id, _cycle.Tag, _options.Grid.Longest);
        _cycle.Report.Items = 0;
        _cycle.Report.Dropped = 0;
        if (!_run.Enter(0)) return StageStatus.Skipped;
        StageStatus status;
        try
        {
            status = _stages.Sensor.Sense(_cycle.Request, ref _cycle.Sample, ref _cycle.Report, _run.Context);
        }
        catch (Exception error)
        {
            status = _run.Caught(error);
        }
        status = _run.Leave(0, status);
        if (status.HasOutput)
        {
            _arbiter.Applied(_cycle.Report.Applied, _cycle.Tag);
            if (_stages.Trust is { } monitor) _cycle.Report.Trust = Math.Min(_cycle.Report.Trust, Score(monitor));
            _goodReport = _cycle.Report;
        }
        else if (status.IsFailed) _cycle.Report = _goodReport with { Items = 0, Dropped = 0 };
        return status;
    }

    private float Score(ITrustMonitor<TSample> monitor)
    {
        try
        {
            float trust = monitor.Score(_cycle.Sample, _cycle.Report, _run.Context);
            return float.IsNaN(trust) ? 0f : trust;
        }
        catch (Exception)
        {
            return 0f;
        }
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
        bool watchdog = Volatile.Read(ref _memory.WatchdogStop);
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
        bool warm = _cycle.Id < (ulong)_options.WarmUpCycles;
        var flags = _cycle.Flags | (warm ? CycleFlags.WarmUp : 0);
        _cycle.Applied = _guard.Check(_cycle.Decision.Action, _fresh, warm || _run.ForceSafe, _cycle.Dt, _cycle.Rung, ref flags);
        _cycle.Flags = flags;
        // The actuator is never left out: a silent one would run into its own command timeout.
        _ = _run.Enter(_actStage);
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
        long period = _cycle.DtPlanned.Nanoseconds, busy = _cycle.BusyNs;
        _memory.Missed = _options.MeasuredDecisions && (_cycle.MissMask != 0 || busy > period || _cycle.SkippedSlots > 0);
        _memory.SlackShort = _options.MeasuredDecisions && busy > period * (1 - _options.Health.MinSlack);
        if (_memory.Missed) _cycle.Flags |= CycleFlags.MissedDeadline;
        _arbiter.Submit(_cycle.Decision.Request, _cycle.Id);
        Pace();
        if (_stages.Energy is { } meter) _cycle.Energy = meter.Read(_cycle.Load(_options.MeasuredDecisions ? busy : 0, _stages.Rules.Effort(_cycle.Applied)));
        if (_options.HashState) HashState();
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

    private void HashState()
    {
        var hashes = _cycle.StageHashes;
        hashes[0] = HashOf(_cycle.Sample, _stages.Sensor);
        _stages.Perceive.Hash(_cycle.Percept, hashes);
        hashes[_decideStage] = HashOf(_cycle.Decision.Action, _stages.Policy);
        hashes[_actStage] = HashOf(_cycle.Applied, _stages.Actuator);
        var all = new StateHasher(_memory.Hash);
        _cycle.AddTo(ref all);
        _ladder.AddTo(ref all);
        _governor.AddTo(ref all);
        _cycle.StateHash = _memory.Hash = all.Value;
    }

    private static ulong HashOf<T>(in T payload, IStage stage) where T : IPayload
    {
        var hasher = new StateHasher(0);
        payload.AddTo(ref hasher);
        if (stage is IPayload state) state.AddTo(ref hasher);
        return hasher.Value;
    }

    private void Publish()
    {
        foreach (var sink in _sinks) sink.OnCycle(_cycle);
        Volatile.Write(ref _completed, _completed + 1);
    }

    private void Tell(LoopEventKind kind, double value, double limit) =>
        Events.TryWrite(new LoopEvent { Kind = kind, CycleId = _cycle.Id, Tag = _cycle.Tag, Stage = -1, Value = value, Limit = limit });

    /// <summary>Puts the state between two cycles into a writer: loop, ladder, governor, arbiter, guard, pacer, random streams and every stage.</summary>
    /// <remarks>Not in it: the last decision and report, and payloads that are not <see cref="IFreezable"/>. They are made anew by the next cycle whose
    /// sensor and perception bring something, so a thawed loop is exact from such a cycle on; take keyframes before one.</remarks>
    public void Freeze(IBufferWriter<byte> writer) =>
        _keyframe.Freeze(writer, _memory, _completed, _run, [_ladder, _governor, _arbiter, _guard, _stages.Pacer], _stages.Sample, _stages.Percept);

    /// <summary>Brings back what <see cref="Freeze"/> wrote, on a loop made of the same stages and options.</summary>
    /// <exception cref="InvalidDataException">The keyframe is truncated or was made by a loop of another shape.</exception>
    public void Thaw(ReadOnlySpan<byte> state) =>
        LoopKeyframe.Thaw(state, ref _memory, ref _completed, _run, [_ladder, _governor, _arbiter, _guard, _stages.Pacer], _stages.Sample, _stages.Percept);
}
