namespace EdgeAutonomy.Runtime;

/// <summary>A chain of one perceiver.</summary>
internal sealed class PerceiverLink<TSample, TPercept>(IPerceiver<TSample, TPercept> perceiver) : PerceiverChain<TSample, TPercept> where TPercept : IPayload
{
    private readonly IAnytimePerceiver<TSample, TPercept>? _refinable = perceiver as IAnytimePerceiver<TSample, TPercept>;
    // What comes from a log has no state to compare.
    private readonly IPayload? _state = perceiver.Replay == StageReplay.Exact ? perceiver as IPayload : null;
    private readonly bool _fromLog = perceiver.Replay == StageReplay.FromLog;
    private AnytimeOptions _anytime = new();
    private int _stage;
    private bool _started;

    internal override void Collect(List<IStage> stages) => stages.Add(perceiver);

    internal override int Bind(int firstStage, AnytimeOptions anytime)
    {
        _stage = firstStage;
        _anytime = anytime;
        return firstStage + 1;
    }

    internal override StageStatus Run(in TSample sample, ref TPercept percept, StageRunner run)
    {
        if (!run.Enter(_stage)) return _started ? StageStatus.Skipped : StageStatus.NoOutput;
        StageStatus status;
        try
        {
            status = perceiver.Perceive(sample, ref percept, run.Context);
            if (_refinable is not null && status.HasOutput) status = Refine(_refinable, sample, ref percept, run, status);
        }
        catch (Exception error)
        {
            status = run.Caught(error);
        }
        if (_fromLog) run.RepeatQuanta(_stage);
        status = run.Leave(_stage, status);
        _started |= status.HasOutput;
        return status;
    }

    /// <summary>Refines while it helps and time is left; the number of quanta is recorded, so a replay can repeat it without a clock.</summary>
    private StageStatus Refine(IAnytimePerceiver<TSample, TPercept> stage, in TSample sample, ref TPercept percept, StageRunner run, StageStatus status)
    {
        float best = 0, target = Math.Min(_anytime.QualityTarget, run.Context.QualityTarget);
        int stalled = 0;
        for (int quantum = 0; quantum < _anytime.MaxRefines && run.HasTime(_stage); quantum++)
        {
            run.CountQuantum(_stage); // first: a quantum that throws was begun, and a replay must begin it too
            var result = stage.Refine(sample, ref percept, run.Context);
            stalled = result.Quality > best ? 0 : stalled + 1;
            best = Math.Max(best, result.Quality);
            if (result.Progress != RefineProgress.Improved || best >= target || stalled >= _anytime.MaxStall) break;
        }
        return best < _anytime.QualityFloor ? StageStatus.Degraded : status;
    }

    internal override void Freeze(KeyframeWriter writer) => writer.Write("started", perceiver.Name, _started);

    internal override void Thaw(ref KeyframeReader reader) => reader.Read("started", perceiver.Name, ref _started);

    internal override void Pass(StageRunner run, StageStatus status) => run.Pass(_stage, status);

    internal override void Hash(in TPercept percept, Cycle cycle)
    {
        var hasher = new StateHasher((ulong)_stage);
        // What a stage from the log leaves without an output is not in the log.
        if (!_fromLog || cycle.Statuses[_stage].HasOutput) percept.AddTo(ref hasher);
        _state?.AddTo(ref hasher);
        cycle.StageHashes[_stage] = hasher.Value;
    }
}
