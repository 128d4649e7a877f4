using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Reads what <see cref="FrozenWriter"/> wrote, and refuses anything else.</summary>
internal ref struct FrozenReader(ReadOnlySpan<byte> state, string owner)
{
    private readonly string _owner = owner;
    private ReadOnlySpan<byte> _rest = state;

    public readonly int Left => _rest.Length;

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public int ReadInt32(int low, int high)
    {
        long value = ReadInt64();
        return value >= low && value <= high ? (int)value : throw Broken($"a count is {value}, must be in [{low}, {high}]");
    }

    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    public bool ReadBool() => ReadInt64() switch { 0 => false, 1 => true, var v => throw Broken($"a flag is {v}, must be 0 or 1") };

    public void Read(RandomStream stream) => stream.Thaw(Take(32));

    /// <summary>Reads a counted array into <paramref name="target"/>, whose length must match.</summary>
    public void Read<T>(scoped Span<T> target) where T : unmanaged
    {
        long count = ReadInt64();
        if (count != target.Length) throw Broken($"an array has {count} values, this object has {target.Length}");
        Take(target.Length * Unsafe.SizeOf<T>()).CopyTo(MemoryMarshal.AsBytes(target));
    }

    /// <summary>Reads a counted array of at most <c>target.Length</c> values and returns the count.</summary>
    public int ReadUpTo<T>(scoped Span<T> target) where T : unmanaged
    {
        int count = ReadInt32(0, target.Length);
        Take(count * Unsafe.SizeOf<T>()).CopyTo(MemoryMarshal.AsBytes(target[..count]));
        return count;
    }

    public readonly void End()
    {
        if (_rest.Length != 0) throw Broken($"{_rest.Length} bytes follow the end");
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _rest.Length) throw Broken($"{bytes} bytes are needed where {_rest.Length} are left");
        var part = _rest[..bytes];
        _rest = _rest[bytes..];
        return part;
    }

    private readonly InvalidDataException Broken(string why) =>
        new($"State of {_owner}: {why}; thaw only what the same scenario froze.");
}
