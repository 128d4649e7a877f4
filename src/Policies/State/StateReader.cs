using System.Runtime.InteropServices;

namespace EdgeAutonomy.Policies;

/// <summary>Reads what <see cref="StateWriter"/> wrote, in the same order.</summary>
/// <param name="state">The whole state.</param>
/// <param name="owner">The stage's name, for error messages.</param>
internal ref struct StateReader(ReadOnlySpan<byte> state, string owner)
{
    private readonly string _owner = owner;
    private readonly int _length = state.Length;
    private ReadOnlySpan<byte> _rest = state;

    /// <summary>Reads one value.</summary>
    /// <exception cref="InvalidDataException">The state ends too early.</exception>
    public T Read<T>()
        where T : unmanaged
    {
        T value = default;
        Read(new Span<T>(ref value));
        return value;
    }

    /// <summary>Fills a span.</summary>
    /// <exception cref="InvalidDataException">The state ends too early.</exception>
    public void Read<T>(scoped Span<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (bytes.Length > _rest.Length)
            throw new InvalidDataException($"Policy '{_owner}': state has {_length} bytes and ends too early; the keyframe belongs to other options or another version.");
        _rest[..bytes.Length].CopyTo(bytes);
        _rest = _rest[bytes.Length..];
    }

    /// <summary>Checks a value that was read.</summary>
    /// <exception cref="InvalidDataException">The value is not what the stage can have written.</exception>
    public readonly void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidDataException($"Policy '{_owner}': state has {what} that no run can have; the keyframe is damaged.");
    }

    /// <summary>Fills an array of finite numbers.</summary>
    /// <exception cref="InvalidDataException">The state ends too early or holds NaN or an infinity.</exception>
    public void ReadFinite(float[] values, string what)
    {
        Read(values.AsSpan());
        bool finite = true;
        foreach (float value in values) finite &= float.IsFinite(value);
        Require(finite, what);
    }

    /// <summary>Fills an array.</summary>
    /// <exception cref="InvalidDataException">The state ends too early.</exception>
    public void Read<T>(T[] values)
        where T : unmanaged => Read(values.AsSpan());

    /// <summary>Checks that nothing is left.</summary>
    /// <exception cref="InvalidDataException">Bytes are left over.</exception>
    public readonly void End()
    {
        if (_rest.Length > 0)
            throw new InvalidDataException($"Policy '{_owner}': state has {_length} bytes, {_rest.Length} more than it must have; the keyframe belongs to other options or another version.");
    }
}
