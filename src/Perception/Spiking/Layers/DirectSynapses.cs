namespace EdgeAutonomy.Perception;

/// <summary>One weight per element: an edge without weights, or a Scale.</summary>
internal sealed unsafe class DirectSynapses : Synapses
{
    private readonly int[] _to;
    private readonly float[] _weights;

    /// <summary>Makes the synapses.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="to">The place among the outputs of each place of the source.</param>
    /// <param name="weights">The weight of each place of the source.</param>
    internal DirectSynapses(Signal source, Population target, int[] to, float[] weights)
        : base(source, target, new SynapseFootprint(SynapseFamily.Direct, 1, 0, 0, sizeof(float), 0)) => (_to, _weights) = (to, weights);

    internal override void Run()
    {
        var active = Source.Active;
        if (Source.IsOnes)
        {
            foreach (int i in active) Accumulators[_to[i]] += _weights[i];
        }
        else
        {
            foreach (int i in active) Accumulators[_to[i]] += Source.Values[i] * _weights[i];
        }
        Count(active.Length, isDense: false);
    }
}
