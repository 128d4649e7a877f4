namespace EdgeAutonomy.Perception;

/// <summary>Sends what came some steps ago, each element with a delay of its own: NIR's Delay.</summary>
internal sealed unsafe class DelayLine : Operation
{
    private readonly Signal _source;
    private readonly int[] _delays;
    private readonly AlignedArray<float> _ring;
    private readonly int _slots;
    private int _slot;

    /// <summary>Makes a line.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="delays">Steps, of each place.</param>
    /// <param name="kernels">The kernels to use.</param>
    internal DelayLine(Signal source, int[] delays, Kernels kernels)
    {
        (_source, _delays, _slots) = (source, delays, delays.Max() + 1);
        _ring = new AlignedArray<float>(_slots * source.Layout.Count);
        Output = new Signal(source.Layout, source.Kind, kernels);
    }

    internal Signal Output { get; }

    internal override void Run()
    {
        int n = _source.Layout.Count;
        _source.Expand(_ring.Pointer + (nint)_slot * n);
        var bits = new Span<ulong>(Output.Bits, Output.Words);
        bits.Clear();
        for (int i = 0; i < n; i++)
        {
            int from = _slot - _delays[i];
            if (from < 0) from += _slots;
            float value = _ring.Pointer[(nint)from * n + i];
            if (value != 0) bits[i >> 6] |= 1UL << i;
            if (Output.Values != null) Output.Values[i] = value;
        }
        Output.ListBits();
        // Whether all are one is known for sure only of binary signals.
        _slot = _slot + 1 == _slots ? 0 : _slot + 1;
    }

    internal override void Reset()
    {
        _ring.Span.Clear();
        Output.Clear();
        _slot = 0;
    }

    internal override void Freeze(ref StateWriter writer)
    {
        writer.Write(_slot);
        writer.WriteSpan<float>(_ring.Span);
        Output.Freeze(ref writer);
    }

    internal override void Thaw(ref StateReader reader)
    {
        _slot = reader.ReadInt32(0, _slots - 1);
        reader.ReadFinite(_ring.Span, "delay line");
        Output.Thaw(ref reader);
    }

    internal override void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_slot);
        hasher.Add(_ring.Span);
    }
}
