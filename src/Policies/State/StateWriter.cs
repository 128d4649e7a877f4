using System.Buffers;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Policies;

/// <summary>Writes plain values and arrays of plain values one after the other, as a stage's state for a keyframe.</summary>
/// <remarks>Little-endian, as all machines that .NET runs on. No lengths are written: both sides know the shapes from the options.</remarks>
internal readonly ref struct StateWriter(IBufferWriter<byte> writer)
{
    private readonly IBufferWriter<byte> _writer = writer;

    /// <summary>Writes one value.</summary>
    public void Write<T>(in T value)
        where T : unmanaged => Write(new ReadOnlySpan<T>(in value));

    /// <summary>Writes the elements of a span.</summary>
    public void Write<T>(scoped ReadOnlySpan<T> values)
        where T : unmanaged
    {
        // The types passed in hold no padding (numbers, or structs of equal-sized numbers), so their bytes are their value.
        _writer.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Writes the elements of an array.</summary>
    public void Write<T>(T[] values)
        where T : unmanaged => Write<T>(values.AsSpan());
}
