using System.Runtime.InteropServices;

namespace EdgeAutonomy.Recording;

/// <summary>What the writer knows of one channel: its messages in the open chunk, and how many are in the file.</summary>
internal sealed class ChannelWriteState(ushort id)
{
    // Pairs of time and offset, already in the byte order of the file.
    private ulong[] _entries = new ulong[128];

    public ushort Id { get; } = id;

    /// <summary>Messages in the open chunk.</summary>
    public int Pending { get; private set; }

    /// <summary>Messages that are in the file.</summary>
    public ulong Written { get; private set; }

    public ReadOnlySpan<byte> IndexBytes => MemoryMarshal.AsBytes(_entries.AsSpan(0, 2 * Pending));

    public void Count() => Pending++;

    public void Add(ulong time, ulong offset)
    {
        int at = 2 * Pending;
        if (at == _entries.Length) Array.Resize(ref _entries, 2 * at);
        _entries[at] = BitConverter.IsLittleEndian ? time : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(time);
        _entries[at + 1] = BitConverter.IsLittleEndian ? offset : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(offset);
        Pending++;
    }

    public void Commit()
    {
        Written += (ulong)Pending;
        Pending = 0;
    }

    public void Drop() => Pending = 0;
}
