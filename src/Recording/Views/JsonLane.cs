using System.Buffers.Binary;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Takes JSON objects from the thread that moves a simulation to the recorder and the live view: what is written for people and tools, and never replayed.</summary>
/// <remarks>Its records become the channel <c>/NAME</c> of a recording, encoding <c>json</c>, one object a message. One thread sends; for a few objects a second, not for a loop.</remarks>
public sealed class JsonLane : RecordLane
{
    private const int HeadBytes = 8;

    /// <summary>Makes a lane.</summary>
    /// <param name="name">The channel's name without its leading slash, such as that of <see cref="RecordedTopic.Decisions"/>.</param>
    /// <param name="onFull">What happens when the recorder cannot keep up.</param>
    public JsonLane(string name, RecordFullPolicy onFull) : base(name, new LaneOptions { RingBytes = 1 << 18, OnFull = onFull }, 1 << 12)
    {
    }

    /// <summary>Sends an object.</summary>
    /// <param name="time">Its logical time.</param>
    /// <param name="json">One JSON object in UTF-8; taken as it is.</param>
    /// <returns>False when it was dropped, and counted: no room, or longer than a quarter of a mebibyte.</returns>
    public bool Send(Stamp time, ReadOnlySpan<byte> json)
    {
        Buffer.Reset();
        BinaryPrimitives.WriteInt64LittleEndian(Buffer.Take(HeadBytes), time.Nanoseconds);
        json.CopyTo(Buffer.Take(json.Length));
        return Emit(RecordKind.Json);
    }

    /// <summary>Reads what was sent; valid as long as the bytes are.</summary>
    /// <param name="record">A record of kind <see cref="RecordKind.Json"/>.</param>
    /// <param name="json">The object.</param>
    /// <returns>Its logical time.</returns>
    /// <exception cref="InvalidDataException">The record is too short.</exception>
    public static Stamp Read(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> json)
    {
        if (record.Length < HeadBytes) throw new InvalidDataException($"JSON record: {record.Length} bytes; at least {HeadBytes} are needed.");
        json = record[HeadBytes..];
        return new Stamp(BinaryPrimitives.ReadInt64LittleEndian(record));
    }
}
