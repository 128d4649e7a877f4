using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace EdgeAutonomy.Learning;

/// <summary>Writes learning curves as an event file that TensorBoard shows.</summary>
/// <remarks>
/// Records as in TFRecord: length (8 bytes, little-endian), masked CRC-32C of it, an Event message, masked CRC-32C of that; mask(c) = rotr(c, 15) + 0xA282EAD8 (tensorflow/core/lib/hash/crc32c.h). Event (event.proto):
/// 1 = wall time (double), 2 = step (int64), 3 = file version (string), 5 = Summary { repeated 1 = Value { 1 = tag (string), 2 = simple value (float) } }. The same log gives the same bytes.
/// </remarks>
public static class EventLog
{
    /// <summary>How the file's name must begin for TensorBoard to look into it.</summary>
    public const string NamePart = "events.out.tfevents";

    private const uint MaskDelta = 0xA282EAD8;
    private const int WireFixed64 = 1, WireBytes = 2, WireVarint = 0, WireFixed32 = 5;

    /// <summary>Returns the file's bytes.</summary>
    /// <param name="log">The log; figures that are not finite are left out.</param>
    /// <param name="started">The wall time of the first record, in seconds since 1970; records follow a second apart, because the time of a record is no part of a training.</param>
    public static byte[] ToBytes(LearningLog log, double started = 0)
    {
        ArgumentNullException.ThrowIfNull(log);
        var file = new ArrayBufferWriter<byte>();
        var message = new ArrayBufferWriter<byte>();
        Begin(message, started, 0);
        Text(message, 3, "brain.Event:2");
        Record(file, message);
        for (int row = 0; row < log.Steps.Count; row++)
        {
            var summary = new ArrayBufferWriter<byte>();
            for (int k = 0; k < log.Names.Count; k++)
            {
                float value = (float)log[row, k];
                if (!float.IsFinite(value)) continue;
                var entry = new ArrayBufferWriter<byte>();
                Text(entry, 1, log.Names[k]);
                Key(entry, 2, WireFixed32);
                BinaryPrimitives.WriteSingleLittleEndian(entry.GetSpan(4), value);
                entry.Advance(4);
                Bytes(summary, 1, entry.WrittenSpan);
            }
            Begin(message, started + row, log.Steps[row]);
            Bytes(message, 5, summary.WrittenSpan);
            Record(file, message);
        }
        return file.WrittenSpan.ToArray();
    }

    /// <summary>Returns the masked checksum of some bytes.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + MaskDelta;
    }

    private static void Begin(ArrayBufferWriter<byte> message, double time, long step)
    {
        message.ResetWrittenCount();
        Key(message, 1, WireFixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(message.GetSpan(8), time);
        message.Advance(8);
        Key(message, 2, WireVarint);
        Varint(message, (ulong)step);
    }

    private static void Record(ArrayBufferWriter<byte> file, ArrayBufferWriter<byte> message)
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)message.WrittenCount);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], MaskedCrc(head[..8]));
        file.Write(head);
        file.Write(message.WrittenSpan);
        BinaryPrimitives.WriteUInt32LittleEndian(head, MaskedCrc(message.WrittenSpan));
        file.Write(head[..4]);
    }

    private static void Text(ArrayBufferWriter<byte> target, int field, string text) => Bytes(target, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(ArrayBufferWriter<byte> target, int field, ReadOnlySpan<byte> bytes)
    {
        Key(target, field, WireBytes);
        Varint(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void Key(ArrayBufferWriter<byte> target, int field, int wire) => Varint(target, (ulong)(field << 3 | wire));

    private static void Varint(ArrayBufferWriter<byte> target, ulong value)
    {
        var span = target.GetSpan(10);
        int n = 0;
        for (; value >= 0x80; value >>= 7) span[n++] = (byte)(value | 0x80);
        span[n++] = (byte)value;
        target.Advance(n);
    }
}
