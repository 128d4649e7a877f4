using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Integration.Mcap;

/// <summary>Our files in the readers of @mcap/core, and its files in ours.</summary>
public sealed class McapInteropTests : IDisposable
{
    private const int Messages = 5000;

    private readonly string _file = Path.GetTempFileName();

    [SkippableTheory]
    [InlineData(McapCompression.None)]
    [InlineData(McapCompression.Lz4)]
    [InlineData(McapCompression.Zstd)]
    public void Write_ReadByTheReferenceReaders_SameMessagesAndRecords(McapCompression compression)
    {
        Write(compression);
        var result = NodeTools.Run("read.mjs", _file);
        using var reader = McapReader.Open(_file, new McapReaderOptions { Strict = true });
        Assert.True(reader.Chunks.Count > 10);

        var indexed = Sound(result, "indexed");
        Assert.Equal(Sum(reader), indexed.GetProperty("sum").GetString());
        Assert.Equal(reader.Chunks.Count, indexed.GetProperty("chunks").GetInt32());
        Assert.Equal(reader.Chunks[0].Compression, indexed.GetProperty("compression").GetString());
        Assert.Equal(Messages, indexed.GetProperty("statistics").GetInt32());
        Assert.Equal("EdgeAutonomy", indexed.GetProperty("library").GetString());

        var streamed = Sound(result, "streamed");
        Assert.True(streamed.GetProperty("done").GetBoolean());
        using var stream = new McapStreamReader(File.OpenRead(_file), new McapReaderOptions { Strict = true });
        Assert.Equal(Sum(stream), streamed.GetProperty("sum").GetString());
    }

    [SkippableFact]
    public void Read_OneBitOfAChunkFlipped_IsRefusedByTheReferenceReaders()
    {
        Write(McapCompression.None);
        long offset;
        using (var reader = McapReader.Open(_file)) offset = reader.Chunks[3].Offset + reader.Chunks[3].Length - 1;
        Flip(offset);
        var result = NodeTools.Run("read.mjs", _file);
        Assert.Contains("Incorrect chunk CRC", result.GetProperty("indexed").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("Incorrect chunk CRC", result.GetProperty("streamed").GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Read_OneBitOfTheSummaryFlipped_IsRefusedByTheReferenceReader()
    {
        Write(McapCompression.None);
        // The last SummaryOffset lies right before the footer; a bit of its last number.
        Flip(new FileInfo(_file).Length - 8 - 29 - 3);
        var result = NodeTools.Run("read.mjs", _file);
        Assert.Contains("Incorrect summary CRC", result.GetProperty("indexed").GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Read_WrittenByTheReferenceWriter_SameMessagesAndRecords()
    {
        var written = NodeTools.Run("write.mjs", _file);
        using var reader = McapReader.Open(_file, new McapReaderOptions { Strict = true });
        Assert.False(reader.Scanned);
        Assert.Equal("test", reader.Header.Profile);
        Assert.True(reader.Chunks.Count > 10);
        Assert.Equal("{}", Encoding.UTF8.GetString(Assert.Single(reader.Schemas).Data.Span));
        Assert.Equal("m/s²", reader.Channels.Single(c => c.Topic == "/a").Metadata["unit"]);
        Assert.Equal("from node", Encoding.UTF8.GetString(reader.ReadAttachment(Assert.Single(reader.Attachments))));
        Assert.Equal("42", Assert.Single(reader.Metadata).Values["seed"]);
        Assert.Equal(written.GetProperty("messages").GetUInt64(), reader.Statistics!.Messages);
        Assert.Equal(written.GetProperty("sum").GetString(), Sum(reader));
        Assert.NotEqual(false, reader.VerifyDataSection());

        using var stream = new McapStreamReader(File.OpenRead(_file), new McapReaderOptions { Strict = true });
        while (stream.MoveNext()) Assert.True(stream.Current.IsChecked);
        Assert.Equal((2000, false), (stream.Messages, stream.Truncated));
    }

    public void Dispose() => File.Delete(_file);

    private static JsonElement Sound(JsonElement result, string reader)
    {
        var found = result.GetProperty(reader);
        Assert.False(found.TryGetProperty("error", out var error), $"the {reader} reader says: {error}");
        Assert.Equal((Messages, 1, 3, 1, 2), (
            found.GetProperty("messages").GetInt32(), found.GetProperty("schemas").GetInt32(), found.GetProperty("channels").GetInt32(),
            found.GetProperty("attachments").GetInt32(), found.GetProperty("metadata").GetInt32()));
        return found;
    }

    private void Write(McapCompression compression)
    {
        using var writer = McapWriter.Create(_file, new McapWriterOptions { ChunkBytes = 32 << 10, Compression = compression, DataSectionCrc = true });
        Skip.If(writer.CompressionMissing, $"{writer.MissingLibrary} is absent on this machine; apt-get install libzstd1 liblz4-1");
        ushort schema = writer.AddSchema("Example", "jsonschema", "{}"u8);
        ushort[] channels = [writer.AddChannel("/a", "json", schema, [new("unit", "m/s²")]), writer.AddChannel("/b", "raw"), 0];
        writer.AddMetadata("run", [new("seed", "42")]);
        writer.FlushChunk(); // a chunk without messages
        var data = new byte[200];
        for (int i = 0; i < Messages; i++)
        {
            if (i == Messages / 2)
            {
                channels[2] = writer.AddChannel("/late", "raw");
                writer.AddAttachment("notes.txt", "text/plain", 1, 2, "hello"u8);
            }
            data.AsSpan().Fill((byte)i);
            // Every seventh is late by more than a chunk, so that chunks overlap; no two times are equal, whose order is each reader's own.
            long time = (i % 7 == 0 ? Math.Max(0, i - 300) * 1000L : i * 1000L) + (i % 7);
            writer.Write(channels[i % 3 == 2 && channels[2] != 0 ? 2 : i % 2], (uint)i, time * 8192 + i, time, data.AsSpan(0, i % 200));
        }
        writer.AddMetadata("end", [new("written", "5000")]);
        writer.Close();
    }

    private void Flip(long offset)
    {
        using var file = File.Open(_file, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        int value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 1));
    }

    private static string Sum(McapReader reader)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var message in reader.ReadMessages()) Add(sum, message);
        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    private static string Sum(McapStreamReader reader)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (reader.MoveNext()) Add(sum, reader.Current);
        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    private static void Add(IncrementalHash sum, in McapMessage m) => sum.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{m.Channel.Topic} {m.Sequence} {m.LogTimeNs} {m.PublishTimeNs} {Convert.ToHexStringLower(m.Data.Span)}\n")));
}
