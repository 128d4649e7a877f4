using System.Buffers.Binary;
using System.Text;

namespace EdgeAutonomy.Runtime;

/// <summary>Reads protobuf fields from bytes that may be anything: never beyond the end, never without progress.</summary>
/// <remarks>Wire format: protobuf's encoding page; wire types 0 = varint, 1 = 8 bytes, 2 = length and bytes, 5 = 4 bytes. Groups (3, 4) have not been written since 2008 and are refused.</remarks>
internal ref struct ProtobufReader
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _source;
    private readonly int _end;
    private int _at;

    public ProtobufReader(ReadOnlySpan<byte> bytes, string source)
        : this(bytes, source, 0, bytes.Length)
    {
    }

    private ProtobufReader(ReadOnlySpan<byte> bytes, string source, int start, int end)
    {
        _bytes = bytes;
        _source = source;
        _at = start;
        _end = end;
    }

    /// <summary>Gets the number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>Gets the wire type of that field.</summary>
    public int Wire { get; private set; }

    /// <summary>Gets the place in the file, in bytes.</summary>
    public readonly int Offset => _at;

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool Next()
    {
        if (_at == _end) return false;
        int start = _at;
        ulong tag = RawVarint();
        if (tag >> 3 is 0 or > 0x1FFFFFFF) throw Fault(start, $"field number {tag >> 3} is outside [1, 536870911]");
        Field = (int)(tag >> 3);
        Wire = (int)(tag & 7);
        if (Wire is not (0 or 1 or 2 or 5)) throw Fault(start, $"field {Field} has wire type {Wire}; only 0, 1, 2 and 5 exist in ONNX");
        return true;
    }

    /// <summary>Steps over the field's value.</summary>
    public void Skip()
    {
        switch (Wire)
        {
            case 0: RawVarint(); break;
            case 1: Take(8); break;
            case 2: Take(Length()); break;
            default: Take(4); break;
        }
    }

    public long Varint()
    {
        Expect(0);
        return (long)RawVarint();
    }

    public float Float()
    {
        Expect(5);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        return Take(Length());
    }

    public string Text()
    {
        int start = _at;
        var bytes = Bytes();
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Fault(start, $"field {Field} holds {bytes.Length} bytes that are not UTF-8 text");
        }
    }

    /// <summary>Opens a message inside this one.</summary>
    public ProtobufReader Message()
    {
        Expect(2);
        int length = Length(), start = _at;
        Take(length);
        return new ProtobufReader(_bytes, _source, start, _at);
    }

    /// <summary>Adds one number, or a packed run of them.</summary>
    public void Varints(List<long> target)
    {
        if (Wire == 0)
        {
            target.Add((long)RawVarint());
            return;
        }
        var packed = Message();
        while (packed._at < packed._end) target.Add((long)packed.RawVarint());
    }

    /// <summary>Adds one number of 32 or 64 bits, or a packed run of them, as bytes.</summary>
    public void Fixed(List<byte> target, int size)
    {
        if (Wire == (size == 4 ? 5 : 1))
        {
            target.AddRange(Take(size));
            return;
        }
        int start = _at;
        var packed = Bytes();
        if (packed.Length % size != 0) throw Fault(start, $"field {Field} packs {packed.Length} bytes; must be a multiple of {size}");
        target.AddRange(packed);
    }

    public readonly InvalidDataException Fault(int offset, string what) => new($"{_source}: at byte {offset}: {what}; the file is no ONNX model, or cut off or damaged.");

    private readonly void Expect(int wire)
    {
        if (Wire != wire) throw Fault(_at, $"field {Field} has wire type {Wire}, must be {wire}");
    }

    private int Length()
    {
        int start = _at;
        ulong length = RawVarint();
        if (length > (ulong)(_end - _at)) throw Fault(start, $"field {Field} states {length} bytes where {_end - _at} are left");
        return (int)length;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _end - _at) throw Fault(_at, $"field {Field} needs {count} bytes where {_end - _at} are left");
        var part = _bytes.Slice(_at, count);
        _at += count;
        return part;
    }

    private ulong RawVarint()
    {
        int start = _at;
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_at == _end) throw Fault(start, "a number goes on beyond the end");
            byte b = _bytes[_at++];
            if (shift == 63 && b > 1) break;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw Fault(start, "a number has more than 64 bits");
    }
}
