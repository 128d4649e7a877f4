namespace EdgeAutonomy.Perception;

/// <summary>Synapses with delays of their own: every input keeps its latest spikes as bits of a word, and every synapse picks the bit of its delay.</summary>
/// <remarks>Inputs without a spike in their word are skipped, which changes nothing: a bit that is not set adds nothing. Source: spiking-networks.md §4.1.</remarks>
internal sealed unsafe class HistorySynapses : Synapses
{
    private readonly AlignedArray<float> _rows;
    private readonly AlignedArray<byte> _delays;
    private readonly AlignedArray<ulong> _history;
    private readonly AlignedArray<int> _live;
    private readonly Kernels _kernels;
    private readonly ulong _keep;
    private readonly int _outputs;

    /// <summary>Makes the synapses.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="rows">Weights [place of the input][place of the output].</param>
    /// <param name="delays">Steps, laid out alike; at most 63.</param>
    /// <param name="outputs">Outputs without padding.</param>
    /// <param name="kernels">The kernels to use.</param>
    internal HistorySynapses(Signal source, Population target, AlignedArray<float> rows, AlignedArray<byte> delays, int outputs, Kernels kernels)
        : base(source, target, LinearSynapses.Measure(source, outputs, sizeof(float) + 1))
    {
        (_rows, _delays, _kernels, _outputs) = (rows, delays, kernels, outputs);
        int longest = 0;
        foreach (byte d in delays.Span) longest = Math.Max(longest, d);
        _keep = ulong.MaxValue >> (63 - longest);
        _history = new AlignedArray<ulong>(source.Layout.Count);
        _live = new AlignedArray<int>(source.Layout.Count + 16);
    }

    internal override void Run()
    {
        int n = Source.Layout.Count, live = 0, width = Target.Layout.Count;
        ulong* history = _history.Pointer;
        for (int i = 0; i < n; i++) history[i] = (history[i] << 1) & _keep;
        foreach (int i in Source.Active) history[i] |= 1;
        int* list = _live.Pointer;
        for (int i = 0; i < n; i++)
        {
            list[live] = i;
            live += history[i] != 0 ? 1 : 0;
        }
        _kernels.AddDelayedRows(Accumulators, _rows.Pointer, _delays.Pointer, history, list, live, width, _keep >> 32 != 0);
        Count((long)Source.Count * _outputs, isDense: false);
    }

    internal override void Reset()
    {
        base.Reset();
        _history.Span.Clear();
    }

    internal override void Freeze(ref StateWriter writer)
    {
        base.Freeze(ref writer);
        writer.WriteSpan<ulong>(_history.Span);
    }

    internal override void Thaw(ref StateReader reader)
    {
        base.Thaw(ref reader);
        reader.ReadSpan(_history.Span);
        foreach (ulong h in _history.Span) reader.Require((h & ~_keep) == 0, "spikes older than the longest delay");
    }

    internal override void AddTo(ref StateHasher hasher) => hasher.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(_history.Span));
}
