using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Reads back what <see cref="StateWriter"/> wrote, and refuses bytes that are short or of another shape.</summary>
public ref struct StateReader
{
    private readonly string _what;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Makes a reader.</summary>
    /// <param name="state">The frozen bytes.</param>
    /// <param name="what">Whose state it is, for error messages.</param>
    public StateReader(ReadOnlySpan<byte> state, string what)
    {
        _rest = state;
        _what = what;
    }

    /// <summary>Reads one unmanaged value.</summary>
    /// <exception cref="InvalidDataException">Fewer bytes are left than the value takes.</exception>
    public T Read<T>() where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (_rest.Length < size) Short(size);
        var value = MemoryMarshal.Read<T>(_rest);
        _rest = _rest[size..];
        return value;
    }

    /// <summary>Reads a span of exactly the length of <paramref name="target"/>.</summary>
    /// <exception cref="InvalidDataException">Another length was written, or bytes are missing.</exception>
    public void ReadSpan<T>(Span<T> target) where T : unmanaged
    {
        int length = Read<int>();
        if (length != target.Length)
        {
            throw new InvalidDataException($"{_what}: frozen state holds {length} elements where this object has {target.Length}; it was made with other options.");
        }
        var bytes = MemoryMarshal.AsBytes(target);
        if (_rest.Length < bytes.Length) Short(bytes.Length);
        _rest[..bytes.Length].CopyTo(bytes);
        _rest = _rest[bytes.Length..];
    }

    /// <summary>Reads a span of bytes of any length as <see cref="StateWriter.WriteSpan"/> wrote it; valid as long as the frozen bytes are.</summary>
    /// <exception cref="InvalidDataException">Bytes are missing, or the length is negative.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        int length = Read<int>();
        if ((uint)length > (uint)_rest.Length) Short(length);
        var bytes = _rest[..length];
        _rest = _rest[length..];
        return bytes;
    }

    /// <summary>Checks that nothing is left over.</summary>
    /// <exception cref="InvalidDataException">Bytes are left.</exception>
    public readonly void End()
    {
        if (_rest.Length != 0) throw new InvalidDataException($"{_what}: {_rest.Length} bytes are left after its frozen state; it was written by another version.");
    }

    private readonly void Short(int wanted) =>
        throw new InvalidDataException($"{_what}: frozen state ends {wanted - _rest.Length} bytes early; the keyframe is truncated.");
}
