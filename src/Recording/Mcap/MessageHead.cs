using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>The fields of a Message record before its data.</summary>
internal readonly record struct MessageHead(ushort Channel, uint Sequence, ulong LogTime, ulong PublishTime)
{
    public static MessageHead Of(ReadOnlySpan<byte> content, in RecordPlace place)
    {
        if (content.Length < McapLayout.MessageHead) throw place.Error($"it has {content.Length} bytes, a message has {McapLayout.MessageHead} at least.");
        return new MessageHead(
            BinaryPrimitives.ReadUInt16LittleEndian(content), BinaryPrimitives.ReadUInt32LittleEndian(content[2..]),
            BinaryPrimitives.ReadUInt64LittleEndian(content[6..]), BinaryPrimitives.ReadUInt64LittleEndian(content[14..]));
    }
}
