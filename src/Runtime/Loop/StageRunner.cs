using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>What every stage call goes through: boundary stamps, the watchdog's marker, budgets, on-miss rules, exceptions turned into statuses.</summary>
internal sealed class StageRunner
{
    // A fault that comes and goes is told once: it must be gone for so many calls before its end is told and it can be told anew.
    private const int QuietCalls = 50;

    private readonly IMeasure _measure;
    private readonly Cycle _cycle;
    private readonly SpscRing<LoopEvent> _events;
    private readonly StageOptions[] _options;
    private readonly Duration[] _budgets;
    private readonly RandomStream[] _random;
    private readonly KeyframePart[] _randomParts, _stageParts;
    private readonly int[] _overruns, _metInARow, _goodInARow;
    private readonly bool _decides;
    private readonly IReplayFeed? _replay;
    private CycleContext _context;
    private long _wake, _mark;
    private ulong _missing, _missTold, _failing, _skip;
    private ulong _marker = new StageMarker(0, 0, StagePhase.Stopped).Word;
    private Exception? _caught;

    public StageRunner(IReadOnlyList<IStage> stages, LoopOptions options, Cycle cycle, IMeasure measure, SpscRing<LoopEvent> events)
    {
        Stages = [.. stages];
        _measure = measure;
        _cycle = cycle;
        _events = events;
        _decides = options.MeasuredDecisions;
        _replay = options.Replay;
        _options = new StageOptions[Stages.Length];
        _budgets = new Duration[Stages.Length];
        _random = new RandomStream[Stages.Length];
        _overruns = new int[Stages.Length];
        _metInARow = new int[Stages.Length];
        _goodInARow = new int[Stages.Length];
        for (int i = 0; i < Stages.Length; i++)
        {
            _options[i] = options.Stages.TryGetValue(Stages[i].Name, out var o) ? o : StageOptions.Default;
            _budgets[i] = _options[i].Budget;
            _random[i] = RandomStream.For(options.Seed, $"{options.Name}/{Stages[i].Name}");
        }
        _randomParts = [.. Stages.Select((s, i) => new KeyframePart(s.Name, _random[i]))];
        _stageParts = [.. Stages.Select(s => new KeyframePart(s.Name, s))];
    }

    public IStage[] Stages { get; }

    public StageMarker Marker => new(Volatile.Read(ref _marker));

    /// <summary>Gets whether a stage with on-miss Safe misses at present.</summary>
    public bool ForceSafe { get; private set; }

    /// <summary>Gets whether a stage with on-miss Stop missed in this cycle.</summary>
    public bool StopOnMiss { get; private set; }

    public bool AnyFailed { get; private set; }

    public ref readonly CycleContext Context => ref _context;

    public void Begin(in CycleContext context)
    {
        _context = context;
        _wake = _mark = _measure.Now();
        _cycle.BoundariesNs[0] = 0;
        _cycle.Measured.Missed = _cycle.Measured.Doubled = 0;
        StopOnMiss = false;
        AnyFailed = false;
    }

    /// <summary>Opens a stage. False: leave it out this time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Enter(int stage)
    {
        Open(stage);
        ulong bit = 1UL << stage;
        if ((_skip & bit) == 0) return true;
        _skip &= ~bit;
        _cycle.Quanta[stage] = 0;
        Leave(stage, StageStatus.Skipped);
        return false;
    }

    /// <summary>Opens a stage that may not be left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EnterAlways(int stage)
    {
        Open(stage);
        _skip &= ~(1UL << stage);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Open(int stage)
    {
        Volatile.Write(ref _marker, new StageMarker(_cycle.Id, stage, StagePhase.Run).Word);
        _context.Stage = stage;
        _context.StageBudget = _budgets[stage];
        _context.StageRandom = _random[stage];
        _cycle.Quanta[stage] = 1;
    }

    /// <summary>Closes a stage and returns the status that counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StageStatus Leave(int stage, StageStatus status)
    {
        long now = _measure.Now(), took = now - _mark;
        _mark = now;
        _cycle.BoundariesNs[stage + 1] = (uint)Math.Min(now - _wake, uint.MaxValue);
        ulong bit = 1UL << stage;
        if (_decides)
        {
            bool missed = _replay is null ? took > _context.StageBudget.Nanoseconds : (_replay.Measured.Missed & bit) != 0;
            if (missed || ((_missing | _missTold) & bit) != 0) status = JudgeBudget(stage, status, took, missed);
        }
        if (status.IsFailed || (_failing & bit) != 0) NoteFailure(stage, status);
        _cycle.Statuses[stage] = status;
        return status;
    }

    /// <summary>Closes stages that cannot run because an earlier one brought nothing; costs no stamp.</summary>
    public void Pass(int stage, StageStatus status)
    {
        _cycle.Quanta[stage] = 0;
        _cycle.Statuses[stage] = status;
        _cycle.BoundariesNs[stage + 1] = (uint)Math.Min(_mark - _wake, uint.MaxValue);
    }

    /// <summary>Turns an exception that left a stage into a status; the text is made later, off this thread.</summary>
    public StageStatus Caught(Exception error)
    {
        _caught = error;
        return StageStatus.Failed(FailureCode.Unhandled);
    }

    /// <summary>Tells whether the present stage has time for one more quantum; always, where measured time must not decide.</summary>
    public bool HasTime(int stage) =>
        !_decides || (_replay is null ? _measure.Now() - _mark < _context.StageBudget.Nanoseconds : _cycle.Quanta[stage] < _replay.Quanta(stage));

    public void CountQuantum(int stage) => _cycle.Quanta[stage]++;

    /// <summary>States the quanta of a stage whose output came from the log: they were done when it was recorded.</summary>
    public void RepeatQuanta(int stage)
    {
        if (_replay is not null) _cycle.Quanta[stage] = (ushort)_replay.Quanta(stage);
    }

    public void Mark(StagePhase phase) => Volatile.Write(ref _marker, new StageMarker(_cycle.Id, 0, phase).Word);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private StageStatus JudgeBudget(int stage, StageStatus status, long took, bool missed)
    {
        long budget = _context.StageBudget.Nanoseconds;
        ulong bit = 1UL << stage;
        if (!missed)
        {
            _missing &= ~bit;
            _overruns[stage] = 0;
            UpdateForceSafe();
            if (++_metInARow[stage] < QuietCalls) return status;
            _missTold &= ~bit;
            Report(LoopEventKind.BudgetMet, stage, status, took * 1e-3, budget * 1e-3, null);
            return status;
        }
        var options = _options[stage];
        _cycle.Measured.Missed |= bit;
        bool doubled = _replay is null ? took > 2 * budget : (_replay.Measured.Doubled & bit) != 0;
        if (doubled) _cycle.Measured.Doubled |= bit;
        if ((_missTold & bit) == 0) Report(LoopEventKind.BudgetMissed, stage, status, took * 1e-3, budget * 1e-3, null);
        _missing |= bit;
        _missTold |= bit;
        _metInARow[stage] = 0;
        if (options.OnMiss == OnMiss.Skip) _skip |= bit;
        if (options.OnMiss == OnMiss.Stop) StopOnMiss = true;
        UpdateForceSafe();
        _overruns[stage] = doubled ? _overruns[stage] + 1 : 0;
        bool kill = options.BudgetKillCount > 0 && _overruns[stage] >= options.BudgetKillCount;
        return kill ? StageStatus.Failed(FailureCode.Budget) : status;
    }

    private void UpdateForceSafe()
    {
        ForceSafe = false;
        for (int i = 0; i < _options.Length; i++) ForceSafe |= (_missing >> i & 1) != 0 && _options[i].OnMiss == OnMiss.Safe;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteFailure(int stage, StageStatus status)
    {
        ulong bit = 1UL << stage;
        AnyFailed |= status.IsFailed;
        var error = _caught;
        _caught = null;
        if (status.IsFailed)
        {
            if ((_failing & bit) == 0) Report(LoopEventKind.StageFailed, stage, status, 0, 0, error);
            _failing |= bit;
            _goodInARow[stage] = 0;
        }
        else if (status.Outcome != StageOutcome.Skipped && ++_goodInARow[stage] >= QuietCalls)
        {
            _failing &= ~bit;
            Report(LoopEventKind.StageRecovered, stage, status, 0, 0, null);
        }
    }

    private void Report(LoopEventKind kind, int stage, StageStatus status, double value, double limit, Exception? error) =>
        _events.TryWrite(new LoopEvent { Kind = kind, CycleId = _cycle.Id, Tag = _cycle.Tag, Stage = stage, Status = status, Value = value, Limit = limit, Error = error });

    /// <summary>Returns the stages whose own state a keyframe must not be put into: on replay the outside world and what comes from the log.</summary>
    public IReadOnlySet<string>? Outside()
    {
        if (_replay is null) return null;
        var outside = new HashSet<string>(StringComparer.Ordinal) { Stages[0].Name, Stages[^1].Name };
        outside.UnionWith(Stages.Where(s => s.Replay == StageReplay.FromLog).Select(s => s.Name));
        return outside;
    }

    public void Freeze(KeyframeWriter keyframe)
    {
        var writer = keyframe.Open();
        writer.Write(_missing);
        writer.Write(_missTold);
        writer.Write(_failing);
        writer.Write(_skip);
        writer.Write((byte)(ForceSafe ? 1 : 0));
        writer.WriteSpan<int>(_overruns);
        writer.WriteSpan<int>(_metInARow);
        writer.WriteSpan<int>(_goodInARow);
        keyframe.End("loop", "budgets", "");
        for (int i = 0; i < Stages.Length; i++)
        {
            keyframe.Write("random", _randomParts[i]);
            keyframe.Write("stage", _stageParts[i]);
        }
    }

    public void Thaw(ref KeyframeReader keyframe)
    {
        var reader = new StateReader(keyframe.Next("loop", "budgets", "", out _), "Budgets in a keyframe");
        _missing = reader.Read<ulong>();
        _missTold = reader.Read<ulong>();
        _failing = reader.Read<ulong>();
        _skip = reader.Read<ulong>();
        ForceSafe = reader.Read<byte>() != 0;
        reader.ReadSpan<int>(_overruns);
        reader.ReadSpan<int>(_metInARow);
        reader.ReadSpan<int>(_goodInARow);
        reader.End();
        for (int i = 0; i < Stages.Length; i++)
        {
            keyframe.Read("random", _randomParts[i]);
            keyframe.Read("stage", _stageParts[i]);
        }
    }
}
