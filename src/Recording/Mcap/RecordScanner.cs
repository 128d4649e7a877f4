using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>Steps over the records of a file from front to back; reads what is asked for and skips the rest.</summary>
/// <remarks>No length field is believed: memory is taken for bytes that are there, as known from the file's size or because they came.</remarks>
internal sealed class RecordScanner(ByteSource source, long start, long maxRecordBytes)
{
    /// <summary>The most that <see cref="Start"/> gives.</summary>
    public const int WindowBytes = 64 << 10;

    private readonly byte[] _window = new byte[WindowBytes];
    private long _windowOffset = start, _next = start;
    private int _windowLength;
    private byte[] _large = [];

    public McapOpcode Opcode { get; private set; }

    /// <summary>Where the record starts; after the last one, where the next should.</summary>
    public long Offset { get; private set; } = start;

    /// <summary>Bytes of its content, as it says.</summary>
    public ulong Length { get; private set; }

    /// <summary>Bytes of the next record's prefix that are there when <see cref="MoveNext"/> gives false.</summary>
    public int Left { get; private set; }

    public long End => Offset + McapLayout.Prefix + (long)Length;

    public RecordPlace Place => new(source.Name, Opcode, Offset);

    /// <summary>Whether the record is known to run past the end of the file.</summary>
    public bool IsCut => Length > long.MaxValue / 2 || (source.Length is { } length && End > length);

    /// <summary>Goes to the next record; false where not even its opcode and length are there.</summary>
    public bool MoveNext()
    {
        Offset = _next;
        var prefix = Peek(Offset, McapLayout.Prefix);
        Left = prefix.Length;
        Opcode = McapOpcode.Invalid;
        if (prefix.Length < McapLayout.Prefix) return false;
        Opcode = (McapOpcode)prefix.Span[0];
        Length = BinaryPrimitives.ReadUInt64LittleEndian(prefix.Span[1..]);
        // A cut record has nothing behind it.
        _next = IsCut ? Offset : End;
        return true;
    }

    /// <summary>Returns up to so many bytes of the content's start; what is there if the file ends before.</summary>
    public ReadOnlyMemory<byte> Start(int bytes) => Peek(Offset + McapLayout.Prefix, (int)Math.Min((ulong)Math.Min(bytes, WindowBytes), Length));

    /// <summary>Returns up to so many bytes behind the record.</summary>
    public ReadOnlyMemory<byte> After(int bytes) => Peek(End, bytes);

    /// <summary>Returns the content, or what there is of it; valid until the next call.</summary>
    /// <exception cref="McapException">Longer than the limit.</exception>
    public ReadOnlyMemory<byte> Content()
    {
        long at = Offset + McapLayout.Prefix;
        ulong there = source.Length is { } end ? (ulong)Math.Max(0, end - at) : ulong.MaxValue;
        ulong length = Math.Min(Length, there);
        if (length > (ulong)maxRecordBytes) throw Place.Error($"its length {Length} is above the limit of {maxRecordBytes} bytes (MaxRecordBytes).");
        return length <= WindowBytes ? Peek(at, (int)length) : ReadLarge(at, (int)length, there == ulong.MaxValue);
    }

    private ReadOnlyMemory<byte> ReadLarge(long at, int length, bool mayEndBefore)
    {
        int filled = 0;
        if (at >= _windowOffset && at < _windowOffset + _windowLength)
        {
            var first = _window.AsSpan((int)(at - _windowOffset), (int)(_windowOffset + _windowLength - at));
            filled = Math.Min(first.Length, length);
            Reserve(Math.Max(filled, mayEndBefore ? Math.Min(length, 1 << 20) : length), 0);
            first[..filled].CopyTo(_large);
        }
        while (filled < length)
        {
            int step = mayEndBefore ? Math.Min(length - filled, Math.Max(filled, 1 << 20)) : length - filled;
            Reserve(filled + step, filled);
            int count = source.Read(at + filled, _large.AsSpan(filled, step));
            filled += count;
            if (count < step) break;
        }
        return _large.AsMemory(0, filled);
    }

    private void Reserve(int length, int keep)
    {
        if (_large.Length >= length) return;
        // A little more than asked: chunks differ by a message or so.
        var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(length + (length / 8L), Array.MaxLength));
        _large.AsSpan(0, keep).CopyTo(larger);
        _large = larger;
    }

    // Bytes through the window; fewer than asked only at the end of the file.
    private ReadOnlyMemory<byte> Peek(long offset, int count)
    {
        long windowEnd = _windowOffset + _windowLength;
        if (offset < _windowOffset || offset + count > windowEnd)
        {
            int kept = 0;
            if (offset >= _windowOffset && offset < windowEnd)
            {
                kept = (int)(windowEnd - offset);
                _window.AsSpan((int)(offset - _windowOffset), kept).CopyTo(_window);
            }
            _windowOffset = offset;
            _windowLength = kept + source.Read(offset + kept, _window.AsSpan(kept));
        }
        int at = (int)(offset - _windowOffset);
        return _window.AsMemory(at, Math.Min(count, _windowLength - at));
    }
}
