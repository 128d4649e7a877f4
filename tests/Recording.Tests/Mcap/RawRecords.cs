using System.Buffers.Binary;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>Takes a file apart into top-level records and puts one together, without the code under test.</summary>
internal static class RawRecords
{
    public sealed record Raw(byte Opcode, int Offset, byte[] Content)
    {
        public int End => Offset + 9 + Content.Length;
    }

    public static List<Raw> Of(byte[] file)
    {
        var all = new List<Raw>();
        for (int at = 8; at < file.Length - 8;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at + 1));
            all.Add(new Raw(file[at], at, file[(at + 9)..(at + 9 + length)]));
            at += 9 + length;
        }
        return all;
    }

    /// <summary>Magic, header, the records, DataEnd, an empty footer, magic.</summary>
    public static byte[] File(params byte[][] records) =>
    [
        .. McapLayout.Magic, .. Record(1, [.. Text(""), .. Text("")]), .. records.SelectMany(r => r),
        .. Record(15, new byte[4]), .. Record(2, new byte[20]), .. McapLayout.Magic,
    ];

    public static byte[] Record(byte opcode, byte[] content) => [opcode, .. U64((ulong)content.Length), .. content];

    public static byte[] Schema(ushort id, string name) => Record(3, [.. U16(id), .. Text(name), .. Text("c"), .. U32(1), 7]);

    public static byte[] Channel(ushort id, ushort schema, string topic) => Record(4, [.. U16(id), .. U16(schema), .. Text(topic), .. Text("raw"), .. U32(0)]);

    public static byte[] Message(ushort channel, ulong time, params byte[] data) => Record(5, [.. U16(channel), .. U32(1), .. U64(time), .. U64(time), .. data]);

    public static byte[] Chunk(byte[] records, string compression = "", uint? crc = null, ulong? uncompressed = null) => Record(6,
        [.. U64(0), .. U64(0), .. U64(uncompressed ?? (ulong)records.Length), .. U32(crc ?? Crc32.Of(records)), .. Text(compression), .. U64((ulong)records.Length), .. records]);

    public static byte[] Text(string text) => [.. U32((uint)System.Text.Encoding.UTF8.GetByteCount(text)), .. System.Text.Encoding.UTF8.GetBytes(text)];

    public static byte[] U16(ushort value) => BitConverter.GetBytes(value);

    public static byte[] U32(uint value) => BitConverter.GetBytes(value);

    public static byte[] U64(ulong value) => BitConverter.GetBytes(value);
}
