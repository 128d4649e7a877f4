using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Perception;

/// <summary>Reads back what <see cref="StateBytes"/> wrote, with every length and range checked.</summary>
internal ref struct StateReader
{
    private readonly string _what;
    private ReadOnlySpan<byte> _rest;

    internal StateReader(string what, ReadOnlySpan<byte> state)
    {
        _what = what;
        _rest = state;
    }

    internal T Read<T>()
        where T : unmanaged
    {
        T value = MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));
        return value;
    }

    internal void Read<T>(Span<T> target)
        where T : unmanaged
        => Take(target.Length * Unsafe.SizeOf<T>()).CopyTo(MemoryMarshal.AsBytes(target));

    internal long ReadInt64() => Read<long>();

    internal int ReadInt32(int low, int high)
    {
        int value = Read<int>();
        if (value < low || value > high) throw new InvalidDataException($"{_what}: state holds {value} where [{low}, {high}] is allowed; the keyframe is damaged or of another version.");
        return value;
    }

    internal void Expect(int expected, string name)
    {
        int value = Read<int>();
        if (value != expected) throw new InvalidDataException($"{_what}: state was written with {name} {value}, this one has {expected}; thaw it with the configuration it was recorded with.");
    }

    internal readonly void End()
    {
        if (!_rest.IsEmpty) throw new InvalidDataException($"{_what}: state has {_rest.Length} bytes too many; the keyframe is of another version.");
    }

    internal ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _rest.Length) throw new InvalidDataException($"{_what}: state ends {bytes - _rest.Length} bytes early; the keyframe is damaged or of another version.");
        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
