using System.Buffers;

namespace EdgeAutonomy.Recording;

/// <summary>A reusable buffer that grows and never shrinks; what is written to it can be patched afterwards.</summary>
/// <remarks>One thread. Allocates only when it grows.</remarks>
public sealed class CycleBuffer : IBufferWriter<byte>
{
    private byte[] _bytes;
    private int _count;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">Bytes to begin with.</param>
    public CycleBuffer(int capacity = 1 << 12) => _bytes = new byte[capacity];

    /// <summary>Gets what was written.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, _count);

    /// <summary>Gets how many bytes were written.</summary>
    public int Count => _count;

    /// <summary>Forgets everything.</summary>
    public void Reset() => _count = 0;

    /// <inheritdoc/>
    public void Advance(int count) => _count += count;

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        int need = _count + Math.Max(sizeHint, 1);
        if (need > _bytes.Length) Array.Resize(ref _bytes, Math.Max(need, _bytes.Length * 2));
        return _bytes.AsSpan(_count);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _bytes.AsMemory(_count);
    }

    /// <summary>Gets the next <paramref name="bytes"/> bytes, zeroed, as written.</summary>
    public Span<byte> Take(int bytes)
    {
        var span = GetSpan(bytes)[..bytes];
        span.Clear();
        _count += bytes;
        return span;
    }

    /// <summary>Fills up to a multiple of eight bytes with zeros.</summary>
    public void Align() => Take(-_count & 7);
}
