using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace EdgeAutonomy.Recording;

/// <summary>Takes fields from the content of a record, front to back; a field that does not fit is a <see cref="McapException"/>.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> content, RecordPlace place)
{
    private readonly ReadOnlySpan<byte> _content = content;

    public int Position { get; private set; }

    public readonly int Left => _content.Length - Position;

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Takes an offset or a length: a number that fits a file.</summary>
    public long Size()
    {
        ulong value = U64();
        return value <= long.MaxValue ? (long)value : throw place.Error($"size or offset {value} at byte {Position - 8} is larger than any file.");
    }

    public ReadOnlySpan<byte> Bytes32() => Take(U32());

    public string Text()
    {
        var bytes = Bytes32();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw place.Error($"the text of {bytes.Length} bytes at byte {Position - bytes.Length} is not UTF-8 (MCAP §String).");
    }

    public Dictionary<string, string> Map()
    {
        var entries = new FieldReader(Bytes32(), place);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        while (entries.Left > 0)
        {
            string key = entries.Text();
            if (!map.TryAdd(key, entries.Text())) throw place.Error($"the key '{key}' stands twice in a map.");
        }
        return map;
    }

    /// <summary>Takes a map from channel id to a number.</summary>
    public Dictionary<ushort, ulong> ChannelMap()
    {
        var bytes = Bytes32();
        if (bytes.Length % 10 != 0) throw place.Error($"a map from channel to number has {bytes.Length} bytes, not a multiple of 10.");
        var map = new Dictionary<ushort, ulong>(bytes.Length / 10);
        for (; bytes.Length > 0; bytes = bytes[10..])
        {
            ushort id = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            if (!map.TryAdd(id, BinaryPrimitives.ReadUInt64LittleEndian(bytes[2..]))) throw place.Error($"channel {id} stands twice in a map.");
        }
        return map;
    }

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > (uint)Left) throw place.Error($"a field at byte {Position} needs {count} bytes, {Left} are left.");
        var bytes = _content.Slice(Position, (int)count);
        Position += (int)count;
        return bytes;
    }
}
