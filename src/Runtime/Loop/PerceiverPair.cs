namespace EdgeAutonomy.Runtime;

/// <summary>Two chains, one behind the other.</summary>
internal sealed class PerceiverPair<TSample, TMiddle, TPercept>(PerceiverChain<TSample, TMiddle> first, PerceiverChain<TMiddle, TPercept> second, TMiddle middle)
    : PerceiverChain<TSample, TPercept>
    where TMiddle : IPayload
    where TPercept : IPayload
{
    private TMiddle _middle = middle;

    internal override void Collect(List<IStage> stages)
    {
        first.Collect(stages);
        second.Collect(stages);
    }

    internal override int Bind(int firstStage, AnytimeOptions anytime) => second.Bind(first.Bind(firstStage, anytime), anytime);

    internal override StageStatus Run(in TSample sample, ref TPercept percept, StageRunner run)
    {
        var status = first.Run(sample, ref _middle, run);
        // A stage left out for time's sake leaves its previous output standing, so what follows still has something to read.
        if (status.HasOutput || status.Outcome == StageOutcome.Skipped) return second.Run(_middle, ref percept, run);
        second.Pass(run, status.IsFailed ? StageStatus.Skipped : StageStatus.NoOutput);
        return status;
    }

    internal override void Freeze(KeyframeWriter writer)
    {
        first.Freeze(writer);
        writer.Write("payload", "between", _middle);
        second.Freeze(writer);
    }

    internal override void Thaw(ref KeyframeReader reader)
    {
        first.Thaw(ref reader);
        reader.Read("payload", "between", ref _middle);
        second.Thaw(ref reader);
    }

    internal override void Pass(StageRunner run, StageStatus status)
    {
        first.Pass(run, status);
        second.Pass(run, status);
    }

    internal override void Hash(in TPercept percept, Cycle cycle)
    {
        first.Hash(_middle, cycle);
        second.Hash(percept, cycle);
    }
}
