using FsCheck;
using FsCheck.Fluent;

namespace EdgeAutonomy.Recording.Tests;

public class McapRoundTripTests
{
    // One number decides one message: channel, time, length.
    private static readonly Arbitrary<int[]> Plans = Gen.Choose(0, 1 << 20).ArrayOf(120).ToArbitrary();

    [Theory]
    [InlineData(McapParts.All)]
    [InlineData(McapParts.All & ~McapParts.MessageIndex)]
    [InlineData(McapParts.All & ~McapParts.Statistics)]
    [InlineData(McapParts.All & ~(McapParts.Channels | McapParts.Schemas))]
    [InlineData(McapParts.All & ~(McapParts.AttachmentIndex | McapParts.MetadataIndex))]
    [InlineData(McapParts.Chunks)]
    [InlineData(McapParts.Statistics | McapParts.Channels | McapParts.Schemas)]
    [InlineData(McapParts.None)]
    public void Write_AnyMessages_ComeBackOnEveryPath(McapParts parts)
    {
        Prop.ForAll(Plans, Gen.Choose(64, 2000).ToArbitrary(), (plan, chunkBytes) =>
        {
            var sent = new List<McapSamples.Got>();
            byte[] file = McapSamples.Write(new McapWriterOptions { Parts = parts, ChunkBytes = chunkBytes, DataSectionCrc = true, Profile = "p", Library = "ü" }, w => Fill(w, plan, sent));
            var inOrder = McapSamples.Lines(sent.OrderBy(m => m.LogTime)); // stable: ties stay in the order of the file
            var strict = new McapReaderOptions { Strict = true };

            using var indexed = McapSamples.Open(file, strict);
            Assert.Equal(new McapHeader("p", "ü"), indexed.Header);
            Assert.Equal(inOrder, McapSamples.Lines(McapSamples.ReadAll(indexed)));
            Assert.True(indexed.VerifyDataSection());
            Assert.Equal([1, 2, 3], indexed.ReadAttachment(Assert.Single(indexed.Attachments)));
            Assert.Equal("v", Assert.Single(indexed.Metadata).Values["k"]);

            using var tiny = McapSamples.Open(file, strict with { MaxHeldBytes = 0 });
            Assert.Equal(inOrder, McapSamples.Lines(McapSamples.ReadAll(tiny)));

            using var scanned = McapSamples.Open(McapSamples.WithoutFooter(file));
            Assert.True(scanned.Scanned);
            Assert.Equal(inOrder, McapSamples.Lines(McapSamples.ReadAll(scanned)));
            Assert.Equal((ulong)sent.Count, scanned.Statistics!.Messages);

            using var streamed = McapSamples.OpenStream(file, strict);
            Assert.Equal(McapSamples.Lines(sent), McapSamples.Lines(McapSamples.ReadAll(streamed)));
            Assert.False(streamed.Truncated);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void ReadMessages_TopicsAndTimes_GiveWhatAFilterOverAllGives()
    {
        var sent = new List<McapSamples.Got>();
        byte[] file = McapSamples.Write(new McapWriterOptions { ChunkBytes = 300 }, w => Fill(w, [.. Enumerable.Range(0, 400).Select(i => (int)((uint)(i * 2654435761) >> 12))], sent));
        using var reader = McapSamples.Open(file);
        foreach (var (from, to) in (ReadOnlySpan<(ulong, ulong)>)[(0, ulong.MaxValue), (100, 200), (0, 0), (150, 150), (900, 100)])
        {
            var expected = sent.Where(m => m.Topic is "/1" or "/3" && m.LogTime >= from && m.LogTime <= to).OrderBy(m => m.LogTime);
            Assert.Equal(McapSamples.Lines(expected), McapSamples.Lines(McapSamples.ReadAll(reader, ["/1", "/3", "/absent"], from, to)));
        }
    }

    [Fact]
    public void Read_PaddedRecords_GivesTheSame()
    {
        byte[] file = McapSamples.Small(McapParts.Chunks);
        // Surplus bytes on everything that may grow; offsets are scanned, not indexed, so nothing else changes.
        byte[][] records = [.. RawRecords.Of(file).Where(r => r.Opcode is not (1 or 2 or 15)).Select(r => RawRecords.Record(r.Opcode, r.Opcode == 6 ? r.Content : [.. r.Content, 1, 2, 3]))];
        using var reader = McapSamples.Open(RawRecords.File(records), new McapReaderOptions { Strict = true });
        Assert.Equal(McapSamples.Lines(McapSamples.ReadIndexed(file)), McapSamples.Lines(McapSamples.ReadAll(reader)));
        Assert.Equal("hello attachment"u8.ToArray(), reader.ReadAttachment(Assert.Single(reader.Attachments)));
        Assert.Equal("42", Assert.Single(reader.Metadata).Values["seed"]);
    }

    [Fact]
    public void Read_PaddedSchemaAndChannelInASummary_AreStillTheSameRecords()
    {
        byte[] schema = RawRecords.Schema(1, "s"), channel = RawRecords.Channel(1, 1, "/t"), message = RawRecords.Message(1, 5, 9);
        byte[] Padded(byte[] record) => RawRecords.Record(record[0], [.. record[9..], 0, 0, 0]);
        byte[] file = RawRecords.File(RawRecords.Chunk([.. schema, .. channel, .. message]), Padded(schema), RawRecords.Chunk([.. Padded(channel), .. message]));
        Assert.Equal(2, McapSamples.ReadIndexed(file, new McapReaderOptions { Strict = true }).Count);
    }

    [Fact]
    public void Read_UnknownOpcodes_AreSkippedByLength()
    {
        byte[] schema = RawRecords.Schema(1, "s"), channel = RawRecords.Channel(1, 1, "/t"), message = RawRecords.Message(1, 5, 9), odd = RawRecords.Record(0x90, new byte[100_000]);
        byte[] file = RawRecords.File(odd, RawRecords.Chunk([.. odd, .. schema, .. channel, .. odd, .. message, .. odd]), odd);
        Assert.Equal("/t 1 5 5 09", Assert.Single(McapSamples.ReadIndexed(file, new McapReaderOptions { Strict = true })).Line);
        using var stream = McapSamples.OpenStream(file, new McapReaderOptions { Strict = true });
        Assert.Single(McapSamples.ReadAll(stream));
    }

    [Fact]
    public void Read_MessagesLargerThanChunksAndWindows_ComeBack()
    {
        byte[] large = new byte[3_000_000];
        for (int i = 0; i < large.Length; i++) large[i] = (byte)(i * 7 >> 3);
        foreach (var parts in (McapParts[])[McapParts.All, McapParts.None])
        {
            byte[] file = McapSamples.Write(new McapWriterOptions { Parts = parts }, w =>
            {
                ushort channel = w.AddChannel("/large", "raw");
                w.Write(channel, 1, 1, 1, [5]);
                w.Write(channel, 2, 2, 2, large.AsSpan(0, 1000), large.AsSpan(1000));
                w.Write(channel, 3, 3, 3, []);
            });
            var got = McapSamples.ReadIndexed(file);
            Assert.Equal(["05", Convert.ToHexString(large), ""], got.Select(m => m.Data));
            using var stream = McapSamples.OpenStream(file);
            Assert.Equal(got, McapSamples.ReadAll(stream));
        }
    }

    [Fact]
    public void MoveNext_WarmReader_AllocatesPerChunkNotPerMessage()
    {
        byte[] file = McapSamples.Write(new McapWriterOptions { ChunkBytes = 64 << 10 }, w =>
        {
            ushort channel = w.AddChannel("/t", "raw");
            for (int i = 0; i < 20_000; i++) w.Write(channel, 0, i, i, new byte[64]);
        });
        using var reader = McapSamples.Open(file);
        long Once(out int count)
        {
            count = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            using var messages = reader.ReadMessages();
            while (messages.MoveNext()) count += messages.Current.Data.Length / 64;
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Once(out _);
        long bytes = Once(out int read);
        Assert.Equal(20_000, read);
        Assert.True(bytes < 20_000 * 16, $"{bytes} bytes for {read} messages");
    }

    private static void Fill(McapWriter w, int[] plan, List<McapSamples.Got> sent)
    {
        ushort schema = w.AddSchema("S", "x", [9]);
        var channels = new List<ushort>();
        var data = new byte[400];
        for (int i = 0; i < plan.Length; i++)
        {
            int index = plan[i] % 5;
            while (channels.Count <= index) channels.Add(w.AddChannel($"/{channels.Count}", "raw", channels.Count % 2 == 0 ? schema : (ushort)0));
            long time = (plan[i] >> 3) % 50 + i * 2;
            int length = (plan[i] >> 5) % 300;
            data.AsSpan(0, length).Fill((byte)i);
            w.Write(channels[index], (uint)i, time, time * 3, data.AsSpan(0, length));
            sent.Add(new McapSamples.Got($"/{index}", (uint)i, (ulong)time, (ulong)time * 3, Convert.ToHexString(data, 0, length), true));
            if (i == plan.Length / 2) w.AddAttachment("a", "b", 1, 2, [1, 2, 3]);
            if (i == plan.Length / 3) w.AddMetadata("m", [new("k", "v")]);
        }
        if (plan.Length == 0) return;
        w.FlushChunk();
    }
}
