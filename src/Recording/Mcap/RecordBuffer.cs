using System.Buffers.Binary;
using System.Text;

namespace EdgeAutonomy.Recording;

/// <summary>A growing buffer of MCAP records. Grows by doubling and never shrinks, so a warm one allocates nothing. Not thread-safe.</summary>
internal sealed class RecordBuffer(int capacity)
{
    // Strict: a lone surrogate is the caller's mistake, not a question mark in the file.
    private static readonly UTF8Encoding Utf8 = new(false, true);

    private byte[] _bytes = new byte[Math.Max(capacity, 64)];

    public int Length { get; private set; }

    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Cuts the buffer, or lengthens it by bytes to be written through <see cref="Bytes"/>.</summary>
    public void SetLength(int length)
    {
        if (length > _bytes.Length) Grow(length);
        Length = length;
    }

    /// <summary>Lengthens the buffer and returns the new bytes, whose content is left from before.</summary>
    public Span<byte> Append(int count)
    {
        int at = Length;
        SetLength(checked(at + count));
        return _bytes.AsSpan(at, count);
    }

    public void U8(byte value) => Append(1)[0] = value;

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Append(2), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Append(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Append(8), value);

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    public void Text(string text)
    {
        int bytes = Utf8.GetByteCount(text);
        U32((uint)bytes);
        Utf8.GetBytes(text, Append(bytes));
    }

    /// <summary>Writes bytes after their length in 32 bits.</summary>
    public void Bytes32(ReadOnlySpan<byte> bytes)
    {
        U32((uint)bytes.Length);
        Raw(bytes);
    }

    /// <summary>Writes a map of texts; its length is in bytes, not entries.</summary>
    public void Map(IEnumerable<KeyValuePair<string, string>> map)
    {
        int at = Length;
        U32(0);
        foreach (var (key, value) in map)
        {
            Text(key);
            Text(value);
        }
        EndLength32(at);
    }

    /// <summary>Starts a record; the answer goes to <see cref="End"/>.</summary>
    public int Begin(McapOpcode opcode)
    {
        U8((byte)opcode);
        U64(0);
        return Length;
    }

    /// <summary>Ends the record whose content started here: writes its length.</summary>
    public void End(int content) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(content - 8), (ulong)(Length - content));

    /// <summary>Writes at <paramref name="at"/>, where four bytes were left for it, how many bytes came after them.</summary>
    public void EndLength32(int at) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at), (uint)(Length - at - 4));

    private void Grow(int length)
    {
        long doubled = Math.Min(2L * _bytes.Length, Array.MaxLength);
        Array.Resize(ref _bytes, (int)Math.Max(doubled, length));
    }
}
