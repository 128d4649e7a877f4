using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Recording.Tests;

public class McapWriterTests
{
    [Theory]
    [InlineData(McapCompression.None)]
    [InlineData(McapCompression.Zstd)]
    [InlineData(McapCompression.Lz4)]
    public void Write_WarmWriter_AllocatesNothing(McapCompression compression)
    {
        using var writer = new McapWriter(Stream.Null, new McapWriterOptions { ChunkBytes = 8 << 10, Compression = compression });
        ushort[] channels = [writer.AddChannel("/a", "raw"), writer.AddChannel("/b", "raw"), writer.AddChannel("/c", "raw")];
        byte[] data = new byte[200];
        long time = 0;
        // 100 × 30 messages of 231 bytes are 86 chunks a round, so that flushing is part of it; their index entries fit the first 64 KiB for 4 rounds and more.
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 30; i++) writer.Write(channels[i % 3], (uint)i, time, time++, data.AsSpan(0, 100), data.AsSpan(100));
        });
        Assert.True(writer.Chunks > 100);
    }

    [Fact]
    public void Write_TwoParts_EqualsOnePart()
    {
        byte[] data = [1, 2, 3, 4, 5];
        byte[] one = McapSamples.Write(new McapWriterOptions(), w => w.Write(w.AddChannel("/t", "raw"), 1, 2, 3, data));
        byte[] two = McapSamples.Write(new McapWriterOptions(), w => w.Write(w.AddChannel("/t", "raw"), 1, 2, 3, data.AsSpan(0, 2), data.AsSpan(2)));
        Assert.Equal(one, two);
    }

    [Fact]
    public void Write_WrongArguments_ThrowAndChangeNothing()
    {
        byte[] file = McapSamples.Write(new McapWriterOptions(), w =>
        {
            ushort channel = w.AddChannel("/t", "raw");
            string time = Assert.Throws<ArgumentOutOfRangeException>(() => w.Write(channel, 0, -1, 5, [])).Message;
            Assert.Contains("log time -1 ns and publish time 5 ns; MCAP times are not negative", time, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => w.Write(channel, 0, 1, long.MinValue, []));
            Assert.Contains("channel 2 is unknown", Assert.Throws<ArgumentOutOfRangeException>(() => w.Write(2, 0, 0, 0, [])).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => w.Write(0, 0, 0, 0, []));
            Assert.Contains("schema 7", Assert.Throws<ArgumentOutOfRangeException>(() => w.AddChannel("/u", "raw", 7)).Message, StringComparison.Ordinal);
            Assert.Contains("no encoding", Assert.Throws<ArgumentException>(() => w.AddSchema("s", "", [1])).Message, StringComparison.Ordinal);
            Assert.Contains("key 'k' twice", Assert.Throws<ArgumentException>(() => w.AddMetadata("m", [new("k", "1"), new("k", "2")])).Message, StringComparison.Ordinal);
            Assert.ThrowsAny<ArgumentException>(() => w.AddChannel("bad \uD800 text", "raw"));
            Assert.Throws<ArgumentOutOfRangeException>(() => w.AddAttachment("a", "b", -1, 0, []));
            w.Write(channel, 1, 2, 3, [4]);
        });
        using var reader = McapSamples.Open(file, new McapReaderOptions { Strict = true });
        Assert.Equal("/t 1 2 3 04", Assert.Single(McapSamples.ReadAll(reader)).Line);
        Assert.Single(reader.Channels);
        Assert.Empty(reader.Schemas);
        Assert.Empty(reader.Metadata);
    }

    [Fact]
    public void Options_OutOfRange_SayTheRule()
    {
        Assert.Contains("must be in [64,", Assert.Throws<ArgumentOutOfRangeException>(() => new McapWriter(Stream.Null, new McapWriterOptions { ChunkBytes = 1 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new McapWriter(Stream.Null, new McapWriterOptions { Parts = McapParts.ChunkIndex }));
        Assert.Throws<ArgumentOutOfRangeException>(() => McapSamples.Open(McapSamples.Small(), new McapReaderOptions { MaxRecordBytes = -1 }));
    }

    [Fact]
    public void AddChannel_65536th_IsRefused()
    {
        using var writer = new McapWriter(Stream.Null, new McapWriterOptions());
        for (int i = 0; i < 65535; i++) writer.AddChannel("/t", "raw");
        Assert.Contains("one too many", Assert.Throws<InvalidOperationException>(() => writer.AddChannel("/t", "raw")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_File_IsReadableWhileWrittenAndCompleteAfterClose()
    {
        string path = Path.GetTempFileName();
        try
        {
            using var writer = McapWriter.Create(path, new McapWriterOptions { ChunkBytes = 1000 });
            ushort channel = writer.AddChannel("/t", "raw");
            for (int i = 0; i < 100; i++) writer.Write(channel, (uint)i, i, i, new byte[100]);
            writer.FlushChunk();
            writer.Sync();
            Assert.Equal(0, writer.PendingBytes);
            using (var early = McapReader.Open(path))
            {
                Assert.True(early.Truncated);
                Assert.Equal($"no footer; recovered 100 messages up to offset {writer.Position}; the recording is truncated.", early.Truncation);
                Assert.Equal(100, McapSamples.ReadAll(early).Count(m => m.IsChecked));
            }
            writer.Close();
            writer.Close();
            Assert.True(writer.Complete);
            Assert.Throws<ObjectDisposedException>(() => writer.Write(channel, 0, 0, 0, []));
            using var reader = McapReader.Open(path, new McapReaderOptions { Strict = true });
            Assert.Equal((100UL, writer.Chunks), (reader.Statistics!.Messages, reader.Chunks.Count));
            Assert.Equal(new FileInfo(path).Length, writer.Position);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Create_NoSuchFolder_IsTheDocumentedError()
    {
        string path = Path.Combine(Path.GetTempPath(), "absent-folder", "run.mcap");
        var e = Assert.Throws<McapWriteException>(() => McapWriter.Create(path));
        Assert.Equal((path, 0), (e.File, e.Offset));
    }

    // The disk is full after so many bytes; wherever that is, one error, no second one from Close, and what is there can be read.
    [Theory]
    [InlineData(McapParts.All, true)]
    [InlineData(McapParts.All, false)]
    [InlineData(McapParts.None, true)]
    public void Write_DiskFullAnywhere_OneErrorAndAReadablePrefix(McapParts parts, bool canCut)
    {
        int whole = McapSamples.Small(parts).Length, ended = 0;
        for (int room = 0; room < whole; room += 3)
        {
            using var disk = new FullDisk(room, canCut);
            var errors = new List<McapWriteException>();
            McapWriter? writer = null;
            try
            {
                writer = new McapWriter(disk, new McapWriterOptions { ChunkBytes = 400, Parts = parts }, "full.mcap", leaveOpen: true);
                McapSamples.FillSmall(writer);
            }
            catch (McapWriteException e)
            {
                errors.Add(e);
            }
            if (writer is not null && errors.Count > 0)
            {
                Assert.Same(errors[0], Assert.Throws<McapWriteException>(() => writer.Write(1, 0, 0, 0, [])));
                Assert.Same(errors[0], Assert.Throws<McapWriteException>(writer.FlushChunk));
                writer.Close();
            }
            else if (writer is not null)
            {
                errors.Add(Assert.Throws<McapWriteException>(writer.Close));
            }
            writer?.Dispose();
            var error = Assert.Single(errors);
            Assert.StartsWith("full.mcap: writing at offset ", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.Offset, 0, room);
            if (writer is null || disk.Length < 8) continue;
            Assert.Same(error, writer.Failure);

            using var reader = McapSamples.Open(disk.ToArray());
            var got = McapSamples.ReadAll(reader);
            Assert.Equal(writer.Complete, !reader.Truncated);
            if (!writer.Complete) continue;
            ended++;
            Assert.Empty(reader.Defects);
            Assert.Equal(writer.Messages - writer.LostMessages, got.Count);
            Assert.Equal((ulong)got.Count, reader.Statistics!.Messages);
        }
        // Where the torn chunk can be cut off, the summary often fits into its place.
        if (canCut && parts == McapParts.All) Assert.True(ended > 10, $"{ended} files were ended");
    }

    [Theory]
    [InlineData(McapCompression.Lz4, "liblz4.so.1")]
    [InlineData(McapCompression.Zstd, "libzstd.so.1")]
    public void Compression_LibraryAbsent_FallsBackAndSaysSo(McapCompression compression, string library)
    {
        byte[] file = McapSamples.Write(new McapWriterOptions { Compression = compression, FindCodec = _ => null }, w =>
        {
            Assert.Equal(McapCompression.None, w.Compression);
            Assert.True(w.CompressionMissing);
            Assert.Equal(library, w.MissingLibrary);
            McapSamples.FillSmall(w);
        });
        using var reader = McapSamples.Open(file, new McapReaderOptions { Strict = true });
        Assert.All(reader.Chunks, c => Assert.Equal("", c.Compression));
        Assert.Equal(McapSamples.SmallMessages, McapSamples.ReadAll(reader).Count);
    }

    [SkippableTheory]
    [InlineData(McapCompression.Lz4, "lz4")]
    [InlineData(McapCompression.Zstd, "zstd")]
    public void Compression_LibraryPresent_IsSmallerAndComesBack(McapCompression compression, string name)
    {
        using (var codec = ChunkCodec.Find(name)) Skip.If(codec is null, $"{ChunkCodec.LibraryOf(name)} is absent on this machine; apt-get install libzstd1 liblz4-1");
        void Fill(McapWriter w)
        {
            ushort channel = w.AddChannel("/t", "raw");
            var data = new byte[500];
            for (int i = 0; i < 1000; i++)
            {
                data.AsSpan().Fill((byte)(i / 10));
                w.Write(channel, (uint)i, i, i, data);
            }
        }
        byte[] plain = McapSamples.Write(new McapWriterOptions { ChunkBytes = 50_000 }, Fill), packed = McapSamples.Write(new McapWriterOptions { ChunkBytes = 50_000, Compression = compression }, Fill);
        Assert.True(packed.Length < plain.Length / 2);
        using var reader = McapSamples.Open(packed, new McapReaderOptions { Strict = true });
        Assert.All(reader.Chunks, c => Assert.Equal((name, true), (c.Compression, c.UncompressedBytes <= 50_000)));
        Assert.True(reader.Chunks.Count > 10);
        var truth = McapSamples.ReadIndexed(plain);
        Assert.Equal(truth, McapSamples.ReadAll(reader));
        Assert.Equal(truth, McapSamples.ReadIndexed(McapSamples.WithoutFooter(packed)));
        using var stream = McapSamples.OpenStream(packed);
        Assert.Equal(truth, McapSamples.ReadAll(stream));
    }

    private sealed class FullDisk(int room, bool canCut) : MemoryStream
    {
        public override bool CanSeek => canCut;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int fits = (int)Math.Min(buffer.Length, room - Length);
            base.Write(buffer[..fits]);
            if (fits < buffer.Length) throw new IOException("No space left on device.");
        }
    }
}
