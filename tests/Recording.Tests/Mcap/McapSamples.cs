using System.Globalization;
using System.Security.Cryptography;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>Small files and what should come out of them.</summary>
internal static class McapSamples
{
    public sealed record Got(string Topic, uint Sequence, ulong LogTime, ulong PublishTime, string Data, bool IsChecked)
    {
        public string Line => string.Create(CultureInfo.InvariantCulture, $"{Topic} {Sequence} {LogTime} {PublishTime} {Data}");
    }

    public static byte[] Write(McapWriterOptions options, Action<McapWriter> fill)
    {
        using var stream = new MemoryStream();
        using (var writer = new McapWriter(stream, options, leaveOpen: true)) fill(writer);
        return stream.ToArray();
    }

    /// <summary>Three topics, times that overlap between chunks, a channel added late, metadata, an attachment.</summary>
    public static byte[] Small(McapParts parts = McapParts.All, McapCompression compression = McapCompression.None, int chunkBytes = 400, bool dataCrc = false) =>
        Write(new McapWriterOptions { ChunkBytes = chunkBytes, Parts = parts, Compression = compression, DataSectionCrc = dataCrc }, FillSmall);

    public const int SmallMessages = 24;

    public static void FillSmall(McapWriter w)
    {
        ushort schema = w.AddSchema("Example", "jsonschema", "{}"u8);
        ushort a = w.AddChannel("/a", "json", schema, [new("foo", "bar"), new("unit", "m/s²")]);
        ushort b = w.AddChannel("/b", "raw");
        w.AddMetadata("run", [new("seed", "42"), new("robot", "rover")]);
        ushort c = 0;
        Span<byte> data = stackalloc byte[40];
        for (int i = 0; i < SmallMessages; i++)
        {
            if (i == 12) c = w.AddChannel("/late", "raw", schema);
            if (i == 15) w.AddAttachment("notes.txt", "text/plain", 5, 4, "hello attachment"u8);
            data.Fill((byte)i);
            // Pairs swapped, and every fifth far back, so that chunks overlap.
            long time = i % 5 == 4 ? (i * 100) - 700 + 300 : (i ^ 1) * 100;
            w.Write(i % 3 == 2 && c != 0 ? c : i % 2 == 0 ? a : b, (uint)i, time, time + 7, data[..(i + 4)]);
        }
    }

    public static List<Got> ReadAll(McapReader reader, IEnumerable<string>? topics = null, ulong from = 0, ulong to = ulong.MaxValue)
    {
        var all = new List<Got>();
        using var messages = reader.ReadMessages(topics, from, to);
        foreach (var m in messages) all.Add(Of(m));
        return all;
    }

    public static List<Got> ReadAll(McapStreamReader reader)
    {
        var all = new List<Got>();
        while (reader.MoveNext()) all.Add(Of(reader.Current));
        return all;
    }

    public static List<Got> ReadIndexed(byte[] file, McapReaderOptions? options = null)
    {
        using var reader = Open(file, options);
        return ReadAll(reader);
    }

    public static McapReader Open(byte[] file, McapReaderOptions? options = null) => McapReader.Open(new MemoryStream(file), options, "test.mcap");

    public static McapStreamReader OpenStream(byte[] file, McapReaderOptions? options = null) => new(new ForwardStream(file), options, "test.mcap");

    /// <summary>The file without its footer and magic, so that it must be scanned.</summary>
    public static byte[] WithoutFooter(byte[] file) => file[..^37];

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static Got Of(in McapMessage m) => new(m.Channel.Topic, m.Sequence, m.LogTimeNs, m.PublishTimeNs, Convert.ToHexString(m.Data.Span), m.IsChecked);

    public static string[] Lines(IEnumerable<Got> messages) => [.. messages.Select(m => m.Line)];

    /// <summary>A stream that cannot seek and gives few bytes at a time, as a pipe does.</summary>
    public sealed class ForwardStream(byte[] bytes) : Stream
    {
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(Math.Min(buffer.Length, 777), bytes.Length - _at);
            bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
