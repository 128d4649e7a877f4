using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeAutonomy.Runtime;

/// <summary>Writes protobuf fields one after another into a growing buffer; the counterpart of <see cref="ProtobufReader"/>.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public void Varint(int field, long value)
    {
        Tag(field, 0);
        Raw((ulong)value);
    }

    public void Float(int field, float value)
    {
        Tag(field, 5);
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Raw((ulong)value.Length);
        _buffer.Write(value);
    }

    public void Message<T>(int field, T value, Action<ProtobufWriter, T> write)
    {
        var inner = new ProtobufWriter();
        write(inner, value);
        Bytes(field, inner._buffer.WrittenSpan);
    }

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private void Tag(int field, int wire) => Raw((ulong)(uint)field << 3 | (uint)wire);

    private void Raw(ulong value)
    {
        var target = _buffer.GetSpan(10);
        int n = 0;
        for (; value >= 0x80; value >>= 7) target[n++] = (byte)(value | 0x80);
        target[n++] = (byte)value;
        _buffer.Advance(n);
    }
}
