namespace EdgeAutonomy.Perception;

/// <summary>Synapses with delays of their own, few of them: each spike adds its weights into sums of steps to come.</summary>
/// <remarks>The sum of a step is complete when the step's own spikes, of delay 0, are in; then it goes into the accumulators at once. Source: spiking-networks.md §4.2.</remarks>
internal sealed unsafe class RingSynapses : Synapses
{
    private readonly int[] _start;
    private readonly Synapse[] _synapses;
    private readonly AlignedArray<float> _ring;
    private readonly int _slots, _width;
    private int _slot;

    /// <summary>Makes the synapses.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="start">Where the synapses of each place of the source begin; one more at the end.</param>
    /// <param name="synapses">The synapses that are not zero.</param>
    /// <param name="slots">The longest delay plus one.</param>
    internal RingSynapses(Signal source, Population target, int[] start, Synapse[] synapses, int slots)
        : base(source, target, new SynapseFootprint(SynapseFamily.Linear, synapses.Length / Math.Max(1, source.Layout.Elements), synapses.Length, (long)synapses.Length * (sizeof(float) + 1), sizeof(float), synapses.Length))
    {
        (_start, _synapses, _slots, _width) = (start, synapses, slots, target.Layout.Count);
        _ring = new AlignedArray<float>(slots * _width);
    }

    internal override void Run()
    {
        long operations = 0;
        foreach (int i in Source.Active)
        {
            float value = Source.IsOnes ? 1 : Source.Values[i];
            foreach (ref readonly var s in _synapses.AsSpan(_start[i].._start[i + 1]))
            {
                int slot = _slot + s.Delay;
                if (slot >= _slots) slot -= _slots;
                _ring.Pointer[(nint)slot * _width + s.Output] += value * s.Weight;
            }
            operations += _start[i + 1] - _start[i];
        }
        float* now = _ring.Pointer + (nint)_slot * _width;
        for (int o = 0; o < _width; o++)
        {
            Accumulators[o] += now[o];
            now[o] = 0;
        }
        _slot = _slot + 1 == _slots ? 0 : _slot + 1;
        Count(operations, isDense: false);
    }

    internal override void Reset()
    {
        base.Reset();
        _ring.Span.Clear();
        _slot = 0;
    }

    internal override void Freeze(ref StateWriter writer)
    {
        base.Freeze(ref writer);
        writer.Write(_slot);
        writer.WriteSpan<float>(_ring.Span);
    }

    internal override void Thaw(ref StateReader reader)
    {
        base.Thaw(ref reader);
        _slot = reader.ReadInt32(0, _slots - 1);
        reader.ReadFinite(_ring.Span, "ring of delayed sums");
    }

    internal override void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_slot);
        hasher.Add(_ring.Span);
    }

    /// <summary>One synapse.</summary>
    internal readonly record struct Synapse(int Output, float Weight, int Delay);
}
