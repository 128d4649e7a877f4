using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Reads back what <see cref="StateWriter"/> wrote, and refuses bytes that are short, of another shape or out of range.</summary>
/// <remarks>Every refusal is an <see cref="InvalidDataException"/> that names the owner. Allocation-free otherwise. An owner that refuses half-way is
/// half restored: drop it.</remarks>
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
    public T Read<T>() where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));

    /// <summary>Reads a flag.</summary>
    /// <exception cref="InvalidDataException">The byte is neither 0 nor 1, or is missing.</exception>
    public bool ReadBoolean()
    {
        byte value = Read<byte>();
        if (value > 1) throw new InvalidDataException($"{_what}: frozen state holds {value} for a flag, must be 0 or 1; the keyframe is damaged.");
        return value == 1;
    }

    /// <summary>Reads a number that must lie in a range, such as a count or an index.</summary>
    /// <param name="low">The least value allowed.</param>
    /// <param name="high">The greatest value allowed.</param>
    /// <exception cref="InvalidDataException">The number is out of range, or is missing.</exception>
    public int ReadInt32(int low, int high)
    {
        int value = Read<int>();
        if (value < low || value > high) throw new InvalidDataException($"{_what}: frozen state holds {value} where [{low}, {high}] is allowed; the keyframe is damaged or of another version.");
        return value;
    }

    /// <summary>Reads a number that must be the same here as where the state was frozen, such as a width.</summary>
    /// <param name="expected">This object's number.</param>
    /// <param name="name">What the number is, for error messages.</param>
    /// <exception cref="InvalidDataException">The number differs, or is missing.</exception>
    public void Expect(int expected, string name)
    {
        int value = Read<int>();
        if (value != expected) throw new InvalidDataException($"{_what}: frozen state was written with {name} {value}, this object has {expected}; thaw it with the options it was frozen with.");
    }

    /// <summary>Reads the place of a random stream.</summary>
    /// <exception cref="InvalidDataException">Bytes are missing, or no generator can be in that place.</exception>
    public void Read(RandomStream stream) => stream.Thaw(Take(RandomStream.StateBytes));

    /// <summary>Reads a span of exactly the length of <paramref name="target"/>.</summary>
    /// <exception cref="InvalidDataException">Another length was written, or bytes are missing.</exception>
    public void ReadSpan<T>(scoped Span<T> target) where T : unmanaged
    {
        int length = Read<int>();
        if (length != target.Length)
        {
            throw new InvalidDataException($"{_what}: frozen state holds {length} elements where this object has {target.Length}; it was made with other options.");
        }
        var bytes = MemoryMarshal.AsBytes(target);
        Take(bytes.Length).CopyTo(bytes);
    }

    /// <summary>Reads a span of at most the length of <paramref name="target"/> into its start.</summary>
    /// <returns>How many elements were read.</returns>
    /// <exception cref="InvalidDataException">More elements were written than fit, or bytes are missing.</exception>
    public int ReadUpTo<T>(scoped Span<T> target) where T : unmanaged
    {
        int length = ReadInt32(0, target.Length);
        var bytes = MemoryMarshal.AsBytes(target[..length]);
        Take(bytes.Length).CopyTo(bytes);
        return length;
    }

    /// <summary>Reads a span of exactly the length of <paramref name="target"/> whose numbers must all be finite.</summary>
    /// <param name="target">Where the numbers go.</param>
    /// <param name="name">What the numbers are, for error messages.</param>
    /// <exception cref="InvalidDataException">Another length was written, bytes are missing, or a number is NaN or infinite.</exception>
    public void ReadFinite(scoped Span<float> target, string name)
    {
        ReadSpan(target);
        for (int i = 0; i < target.Length; i++)
        {
            if (!float.IsFinite(target[i])) throw new InvalidDataException($"{_what}: frozen state holds {target[i]} in its {name}, must be finite; the keyframe is damaged.");
        }
    }

    /// <summary>Reads a span of bytes of any length as <see cref="StateWriter.WriteSpan"/> wrote it; valid as long as the frozen bytes are.</summary>
    /// <exception cref="InvalidDataException">Bytes are missing, or the length is negative.</exception>
    public ReadOnlySpan<byte> ReadBytes() => Take(ReadInt32(0, int.MaxValue));

    /// <summary>Refuses the state unless what was read from it can come from a run.</summary>
    /// <param name="holds">Whether it can.</param>
    /// <param name="name">What was checked, for error messages.</param>
    /// <exception cref="InvalidDataException"><paramref name="holds"/> is false.</exception>
    public readonly void Require(bool holds, string name)
    {
        if (!holds) throw new InvalidDataException($"{_what}: frozen state has {name} that no run can have; the keyframe is damaged.");
    }

    /// <summary>Gets whether everything was read: a state that grew a last part may end before it.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Checks that nothing is left over.</summary>
    /// <exception cref="InvalidDataException">Bytes are left.</exception>
    public readonly void End()
    {
        if (_rest.Length != 0) throw new InvalidDataException($"{_what}: {_rest.Length} bytes are left after its frozen state; it was written by another version.");
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _rest.Length) throw new InvalidDataException($"{_what}: frozen state ends {bytes - _rest.Length} bytes early; the keyframe is truncated or of another version.");
        var part = _rest[..bytes];
        _rest = _rest[bytes..];
        return part;
    }
}
