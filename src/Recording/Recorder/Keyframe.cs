using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>A recorded keyframe, read in place: the whole state of a loop in front of a cycle.</summary>
public readonly ref struct Keyframe
{
    internal const ushort Version = 1;
    internal const int HeaderBytes = 24;

    private Keyframe(ulong nextCycle, Stamp tag, ReadOnlySpan<byte> state)
    {
        NextCycle = nextCycle;
        Tag = tag;
        State = state;
    }

    /// <summary>Gets the cycle that comes next.</summary>
    public ulong NextCycle { get; }

    /// <summary>Gets the logical time of the cycle before, or of the start.</summary>
    public Stamp Tag { get; }

    /// <summary>Gets what <see cref="IControlLoop.Thaw"/> takes.</summary>
    public ReadOnlySpan<byte> State { get; }

    /// <summary>Writes the state of a loop behind what the buffer holds. The loop's thread, between two cycles.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="nextCycle">The cycle that comes next.</param>
    /// <param name="tag">The logical time of the cycle before, or of the start.</param>
    /// <param name="buffer">Where it goes.</param>
    public static void Write(IControlLoop loop, ulong nextCycle, Stamp tag, CycleBuffer buffer)
    {
        var head = buffer.Take(HeaderBytes);
        MemoryMarshal.Write(head, Version);
        MemoryMarshal.Write(head[8..], nextCycle);
        MemoryMarshal.Write(head[16..], tag.Nanoseconds);
        loop.Freeze(buffer);
    }

    /// <summary>Reads a keyframe's head.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a keyframe of this version.</exception>
    public static Keyframe Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes) throw new InvalidDataException($"Keyframe: it has {bytes.Length} bytes; a keyframe has at least {HeaderBytes}. The recording is damaged.");
        ushort version = MemoryMarshal.Read<ushort>(bytes);
        if (version != Version) throw new InvalidDataException($"Keyframe: its version is {version}; this program reads version {Version}.");
        return new Keyframe(MemoryMarshal.Read<ulong>(bytes[8..]), new Stamp(MemoryMarshal.Read<long>(bytes[16..])), bytes[HeaderBytes..]);
    }
}
