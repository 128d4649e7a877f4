using System.Buffers.Binary;

namespace EdgeAutonomy.Perception;

/// <summary>Puts fields into a structure of an HDF5 file, front to back; what is skipped stays zero.</summary>
internal ref struct Hdf5Fields(Span<byte> target)
{
    private Span<byte> _rest = target;

    public void U16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_rest, checked((ushort)value));
        Skip(2);
    }

    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
        Skip(4);
    }

    /// <summary>Puts a size or an address; -1 is the undefined address.</summary>
    public void I64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
        Skip(8);
    }

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_rest);
        Skip(bytes.Length);
    }

    public void Skip(int count) => _rest = _rest[count..];

    /// <summary>Puts the beginning of a version 1 object header.</summary>
    public void Header(int messages, int bytes)
    {
        Bytes([1, 0]);
        U16(messages);
        U32(1);
        U32((uint)bytes);
        Skip(4);
    }

    /// <summary>Puts the beginning of a message in such a header; sizes are multiples of 8.</summary>
    public void Message(MessageType type, int bytes)
    {
        U16((int)type);
        U16(bytes);
        Skip(4);
    }
}
