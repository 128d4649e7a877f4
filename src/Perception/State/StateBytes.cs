using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Perception;

/// <summary>Writes a stage's state as little-endian bytes.</summary>
/// <remarks>Arrays are copied as they lie in memory, which is little-endian on every processor that .NET 10 supports; padding-free element types only.</remarks>
internal static class StateBytes
{
    internal static void Write<T>(IBufferWriter<byte> writer, T value)
        where T : unmanaged
    {
        var span = writer.GetSpan(Unsafe.SizeOf<T>());
        MemoryMarshal.Write(span, in value);
        writer.Advance(Unsafe.SizeOf<T>());
    }

    internal static void Write<T>(IBufferWriter<byte> writer, ReadOnlySpan<T> values)
        where T : unmanaged
        => writer.Write(MemoryMarshal.AsBytes(values));
}
