using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Writes the parts of a frozen state one after another, little-endian, without padding.</summary>
/// <remarks>The machines this runtime supports are little-endian; a big-endian one is refused at start. Does not allocate itself.</remarks>
public readonly ref struct StateWriter
{
    private readonly IBufferWriter<byte> _target;

    /// <summary>Makes a writer on a buffer.</summary>
    public StateWriter(IBufferWriter<byte> target) => _target = target;

    /// <summary>Writes one unmanaged value.</summary>
    /// <typeparam name="T">A type without padding bytes.</typeparam>
    public void Write<T>(in T value) where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        MemoryMarshal.Write(_target.GetSpan(size), in value);
        _target.Advance(size);
    }

    /// <summary>Writes a flag as one byte, 0 or 1.</summary>
    public void Write(bool value) => Write((byte)(value ? 1 : 0));

    /// <summary>Writes the place of a random stream.</summary>
    public void Write(RandomStream stream) => stream.Freeze(_target);

    /// <summary>Gets where the bytes go, for a part that writes them itself.</summary>
    public IBufferWriter<byte> Target => _target;

    /// <summary>Writes the length and the elements of a span.</summary>
    /// <typeparam name="T">A type without padding bytes.</typeparam>
    public void WriteSpan<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        Write(values.Length);
        var bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(_target.GetSpan(Math.Max(bytes.Length, 1)));
        _target.Advance(bytes.Length);
    }
}
