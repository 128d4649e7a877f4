using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Writes state little-endian; the twin of <see cref="FrozenReader"/>.</summary>
internal readonly ref struct FrozenWriter(IBufferWriter<byte> writer)
{
    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));

    public void Write(bool value) => Write(value ? 1L : 0L);

    public void Write(RandomStream stream) => stream.Freeze(writer);

    /// <summary>Writes a counted array of plain numbers. Little-endian hosts only, which .NET's supported platforms are.</summary>
    public void Write<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }
}
