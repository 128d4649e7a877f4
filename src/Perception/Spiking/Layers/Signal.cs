namespace EdgeAutonomy.Perception;

/// <summary>What one population sends in one step: which of its elements are not zero, and their values where those are not all one.</summary>
internal sealed unsafe class Signal
{
    private readonly AlignedArray<ulong> _bits;
    private readonly AlignedArray<int> _list;
    private readonly AlignedArray<float>? _values;
    private readonly Kernels _kernels;

    internal Signal(SignalLayout layout, SignalKind kind, Kernels kernels)
    {
        (Layout, Kind, _kernels) = (layout, kind, kernels);
        _bits = new AlignedArray<ulong>((layout.Count + 63) / 64 + 1);
        _list = new AlignedArray<int>(layout.Count + SpikeLists.Slack);
        if (kind != SignalKind.Binary) _values = new AlignedArray<float>(layout.Count);
        IsOnes = kind == SignalKind.Binary;
    }

    internal SignalLayout Layout { get; }

    internal SignalKind Kind { get; }

    /// <summary>Gets or sets whether, in this step, everything that is not zero is one.</summary>
    internal bool IsOnes { get; set; }

    internal ulong* Bits => _bits.Pointer;

    internal int Words => (Layout.Count + 63) / 64;

    internal int* List => _list.Pointer;

    internal int Count { get; set; }

    /// <summary>Gets the values at every place; null where the signal is binary.</summary>
    internal float* Values => _values is null ? null : _values.Pointer;

    internal ReadOnlySpan<int> Active => new(List, Count);

    /// <summary>Makes the list from the bits.</summary>
    internal void ListBits() => Count = SpikeLists.FromBits(Bits, Words, List, _kernels.Level);

    /// <summary>Makes everything zero.</summary>
    internal void Clear()
    {
        _bits.Span.Clear();
        _values?.Span.Clear();
        Count = 0;
        IsOnes = Kind == SignalKind.Binary;
    }

    /// <summary>Becomes what another signal of the same layout and kind is.</summary>
    internal void CopyFrom(Signal other)
    {
        other._bits.Span.CopyTo(_bits.Span);
        if (_values is not null) other._values!.Span.CopyTo(_values.Span);
        new ReadOnlySpan<int>(other.List, other.Count).CopyTo(new Span<int>(List, other.Count));
        (Count, IsOnes) = (other.Count, other.IsOnes);
    }

    /// <summary>Writes the value of every place into an image; the image was zero before, or holds the step before and is overwritten whole.</summary>
    internal void Expand(float* image)
    {
        if (Kind != SignalKind.Binary)
        {
            new ReadOnlySpan<float>(Values, Layout.Count).CopyTo(new Span<float>(image, Layout.Count));
            return;
        }
        new Span<float>(image, Layout.Count).Clear();
        for (int k = 0; k < Count; k++) image[List[k]] = 1;
    }

    internal void Freeze(ref StateWriter writer)
    {
        writer.WriteSpan<ulong>(_bits.Span);
        if (_values is not null) writer.WriteSpan<float>(_values.Span);
        writer.Write(IsOnes);
    }

    internal void Thaw(ref StateReader reader)
    {
        reader.ReadSpan(_bits.Span);
        if (_values is not null) reader.ReadFinite(_values.Span, "signal");
        IsOnes = reader.ReadBoolean();
        bool legal = _bits.Span[Words..].IndexOfAnyExcept(0UL) < 0 && ((Layout.Count & 63) == 0 || Bits[Words - 1] >> (Layout.Count & 63) == 0);
        reader.Require(legal && (Kind != SignalKind.Binary || IsOnes), "spikes");
        ListBits();
        for (int k = 0; k < Count; k++) legal &= Layout.Element(List[k]) >= 0;
        reader.Require(legal, "spikes of padding");
    }

    internal void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Count);
        hasher.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(new Span<int>(List, Count)));
        if (_values is null) return;
        for (int k = 0; k < Count; k++) hasher.Add(Values[List[k]]);
    }
}
