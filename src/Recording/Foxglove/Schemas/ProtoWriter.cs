using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAutonomy.Recording;

/// <summary>Writes proto3 messages field by field into one growing buffer: canonical bytes, defaults left out, lengths as short as possible.</summary>
/// <remarks>
/// Wire format: protobuf's own encoding page; wire types 0 = varint, 1 = 8 bytes, 2 = length and bytes, 5 = 4 bytes. A nested message reserves
/// one byte for its length and is moved up when it turns out longer than 127 bytes, which costs one copy of a few hundred bytes and no second pass.
/// <para>The buffer is kept by <see cref="Clear"/>, so that nothing is allocated once it has grown to the longest message. Not thread-safe.</para>
/// </remarks>
public sealed class ProtoWriter : IBufferWriter<byte>
{
    private const uint Variable = 0, Eight = 1, Delimited = 2, Four = 5;

    private byte[] _buffer;
    private int _length;

    /// <summary>Makes an empty writer.</summary>
    /// <param name="capacity">Bytes to start with; it grows by doubling.</param>
    public ProtoWriter(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _buffer = new byte[capacity];
    }

    /// <summary>Gets what was written since <see cref="Clear"/>; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Gets how many bytes were written since <see cref="Clear"/>.</summary>
    public int Length => _length;

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear() => _length = 0;

    /// <summary>Opens a nested message (also an empty one: an element of a repeated field counts even when all its fields are defaults).</summary>
    /// <returns>A mark for <see cref="End"/>.</returns>
    public int Begin(int field)
    {
        Tag(field, Delimited);
        Reserve(1);
        _buffer[_length++] = 0;
        return _length;
    }

    /// <summary>Closes the nested message that <see cref="Begin"/> opened.</summary>
    public void End(int mark)
    {
        int size = _length - mark;
        if (size < 0x80)
        {
            _buffer[mark - 1] = (byte)size;
            return;
        }
        int prefix = VarintSize((uint)size);
        Reserve(prefix - 1);
        _buffer.AsSpan(mark, size).CopyTo(_buffer.AsSpan(mark - 1 + prefix));
        _length = mark - 1;
        PutVarint((uint)size);
        _length += size;
    }

    /// <summary>Writes a double; +0 is the default and left out.</summary>
    public void Number(int field, double value)
    {
        if (BitConverter.DoubleToInt64Bits(value) == 0) return;
        Tag(field, Eight);
        Reserve(8);
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    /// <summary>Writes a fixed32; 0 is left out.</summary>
    public void Fixed32(int field, uint value)
    {
        if (value == 0) return;
        Tag(field, Four);
        Reserve(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length), value);
        _length += 4;
    }

    /// <summary>Writes an int32, int64, uint32, uint64 or enum as a varint; 0 is left out.</summary>
    /// <remarks>A negative value takes ten bytes, as the format wants.</remarks>
    public void Varint(int field, long value)
    {
        if (value == 0) return;
        Tag(field, Variable);
        PutVarint((ulong)value);
    }

    /// <summary>Writes a bool; false is left out.</summary>
    public void Bool(int field, bool value) => Varint(field, value ? 1 : 0);

    /// <summary>Writes a string as UTF-8; the empty string is left out. Lone surrogates become U+FFFD.</summary>
    public void Text(int field, ReadOnlySpan<char> value)
    {
        if (value.IsEmpty) return;
        Tag(field, Delimited);
        int size = Encoding.UTF8.GetByteCount(value);
        PutVarint((uint)size);
        Reserve(size);
        _length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length));
    }

    /// <summary>Writes bytes; none are left out.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        Tag(field, Delimited);
        PutVarint((uint)value.Length);
        Reserve(value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    /// <summary>Opens a packed field of doubles and returns the place for its little-endian bytes; an empty field is left out.</summary>
    /// <returns>8 · <paramref name="count"/> bytes to be filled at once, before anything else is written.</returns>
    public Span<byte> PackedDoubles(int field, int count)
    {
        if (count == 0) return [];
        Tag(field, Delimited);
        int size = checked(count * 8);
        PutVarint((uint)size);
        Reserve(size);
        var place = _buffer.AsSpan(_length, size);
        _length += size;
        return place;
    }

    /// <summary>Writes a packed field of fixed32.</summary>
    public void PackedFixed32(int field, ReadOnlySpan<uint> values)
    {
        if (values.IsEmpty) return;
        Tag(field, Delimited);
        PutVarint((uint)values.Length * 4);
        Reserve(values.Length * 4);
        if (BitConverter.IsLittleEndian) MemoryMarshal.AsBytes(values).CopyTo(_buffer.AsSpan(_length));
        else for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length + 4 * i), values[i]);
        _length += values.Length * 4;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _length), nameof(count));
        _length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    private static int VarintSize(ulong value)
    {
        int size = 1;
        for (; value >= 0x80; value >>= 7) size++;
        return size;
    }

    private void Tag(int field, uint wire) => PutVarint((uint)field << 3 | wire);

    private void PutVarint(ulong value)
    {
        Reserve(10);
        for (; value >= 0x80; value >>= 7) _buffer[_length++] = (byte)(value | 0x80);
        _buffer[_length++] = (byte)value;
    }

    private void Reserve(int more)
    {
        if (_buffer.Length - _length < more) Array.Resize(ref _buffer, (int)Math.Min(Math.Max(2L * _buffer.Length, (long)_length + more), Array.MaxLength));
    }
}
