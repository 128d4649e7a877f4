namespace EdgeAutonomy.Perception;

/// <summary>What carries one signal into the accumulators of one population.</summary>
internal abstract unsafe class Synapses : Operation
{
    protected Synapses(Signal source, Population target, SynapseFootprint footprint)
    {
        (Source, Target, Footprint) = (source, target, footprint);
        Accumulators = target.Accumulators;
    }

    internal Signal Source { get; }

    internal Population Target { get; }

    /// <summary>Gets what the energy estimate needs to know.</summary>
    internal SynapseFootprint Footprint { get; }

    /// <summary>Gets the inputs that were not zero, over all steps.</summary>
    internal long Inputs { get; private set; }

    /// <summary>Gets the weights that were added for inputs that were not zero, over all steps.</summary>
    internal long Operations { get; private set; }

    internal long DenseSteps { get; private set; }

    internal long SparseSteps { get; private set; }

    protected float* Accumulators { get; }

    /// <summary>Gets or sets what chooses between the paths; null where there is one only.</summary>
    protected PathSwitch? Path { get; set; }

    internal override void Reset()
    {
        (Inputs, Operations, DenseSteps, SparseSteps) = (0, 0, 0, 0);
        Path?.Reset();
    }

    internal override void Freeze(ref StateWriter writer)
    {
        writer.Write(Inputs);
        writer.Write(Operations);
        writer.Write(DenseSteps);
        writer.Write(SparseSteps);
        Path?.Freeze(ref writer);
    }

    internal override void Thaw(ref StateReader reader)
    {
        (Inputs, Operations) = (reader.Read<long>(), reader.Read<long>());
        (DenseSteps, SparseSteps) = (reader.Read<long>(), reader.Read<long>());
        reader.Require((Inputs | Operations | DenseSteps | SparseSteps) >= 0, "counters");
        Path?.Thaw(ref reader);
    }

    protected void Count(long operations, bool isDense)
    {
        Inputs += Source.Count;
        Operations += operations;
        if (isDense) DenseSteps++;
        else SparseSteps++;
    }
}
