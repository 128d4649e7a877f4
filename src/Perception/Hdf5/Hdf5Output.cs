namespace EdgeAutonomy.Perception;

/// <summary>A file in memory that grows at its end; every structure begins at a multiple of 8.</summary>
internal sealed class Hdf5Output
{
    private byte[] _bytes = new byte[4096];

    public long Length { get; private set; }

    /// <summary>Adds so many zeros and returns their address.</summary>
    public long Reserve(long count)
    {
        long address = Length, length = address + ((count + 7) & ~7L);
        if (length > Array.MaxLength) throw new IOException($"the file would have {length} bytes, at most {Array.MaxLength} can be written");
        if (length > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Math.Max(length, 2L * _bytes.Length), Array.MaxLength));
        Length = length;
        return address;
    }

    /// <summary>Returns reserved bytes; valid until more are reserved.</summary>
    public Span<byte> At(long address, int count) => _bytes.AsSpan((int)address, count);

    public byte[] ToArray() => _bytes[..(int)Length];
}
