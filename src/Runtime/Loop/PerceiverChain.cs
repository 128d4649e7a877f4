namespace EdgeAutonomy.Runtime;

/// <summary>One perceiver, or several in a row, each a stage of its own with its own stamp, budget and status.</summary>
/// <typeparam name="TSample">What the first perceiver reads.</typeparam>
/// <typeparam name="TPercept">What the last one writes.</typeparam>
public abstract class PerceiverChain<TSample, TPercept> where TPercept : IPayload
{
    private protected PerceiverChain() { }

    /// <summary>Makes a chain of one perceiver.</summary>
    public static PerceiverChain<TSample, TPercept> Of(IPerceiver<TSample, TPercept> perceiver) => new PerceiverLink<TSample, TPercept>(perceiver);

    /// <summary>Puts another perceiver behind this chain.</summary>
    /// <typeparam name="TNext">What the new one writes.</typeparam>
    /// <param name="next">Reads what this chain writes.</param>
    /// <param name="middle">The payload between the two, reused every cycle.</param>
    public PerceiverChain<TSample, TNext> Then<TNext>(IPerceiver<TPercept, TNext> next, TPercept middle) where TNext : IPayload =>
        new PerceiverPair<TSample, TPercept, TNext>(this, new PerceiverLink<TPercept, TNext>(next), middle);

    internal abstract void Collect(List<IStage> stages);

    internal abstract int Bind(int firstStage, AnytimeOptions anytime);

    internal abstract void Freeze(KeyframeWriter writer);

    internal abstract void Thaw(ref KeyframeReader reader);

    internal abstract StageStatus Run(in TSample sample, ref TPercept percept, StageRunner run);

    internal abstract void Pass(StageRunner run, StageStatus status);

    internal abstract void Hash(in TPercept percept, Cycle cycle);
}
