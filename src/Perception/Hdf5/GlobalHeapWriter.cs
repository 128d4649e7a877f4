namespace EdgeAutonomy.Perception;

/// <summary>Writes texts into collections of the global heap, each of the least size that the format allows, or larger for a long text.</summary>
internal sealed class GlobalHeapWriter(Hdf5Output output)
{
    private const int HeadBytes = 16, LeastBytes = 4096;
    private long _collection = -1;
    private int _used, _size, _count;

    /// <summary>Adds an object; returns where it is.</summary>
    public (long Collection, int Number) Add(ReadOnlySpan<byte> content)
    {
        int need = HeadBytes + ((content.Length + 7) & ~7);
        if (_collection < 0 || _used + need > _size) Open(need);
        var fields = new Hdf5Fields(output.At(_collection + _used, need));
        fields.U16(++_count);
        fields.U16(1);
        fields.U32(0);
        fields.I64(content.Length);
        fields.Bytes(content);
        _used += need;
        return (_collection, _count);
    }

    /// <summary>Marks what is left of the last collection as free.</summary>
    public void Close()
    {
        if (_collection < 0 || _size - _used < HeadBytes) return;
        var fields = new Hdf5Fields(output.At(_collection + _used, HeadBytes));
        fields.I64(0);
        fields.I64(_size - _used); // its own head counts
    }

    private void Open(int need)
    {
        Close();
        _size = Math.Max(LeastBytes, HeadBytes + need);
        _collection = output.Reserve(_size);
        _used = HeadBytes;
        _count = 0;
        var fields = new Hdf5Fields(output.At(_collection, HeadBytes));
        fields.Bytes("GCOL"u8);
        fields.U32(1);
        fields.I64(_size);
    }
}
