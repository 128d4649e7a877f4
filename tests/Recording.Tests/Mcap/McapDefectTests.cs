namespace EdgeAutonomy.Recording.Tests;

/// <summary>One defect at a time, against the table of rules.</summary>
public class McapDefectTests
{
    private static readonly byte[] Schema = RawRecords.Schema(1, "s"), Channel = RawRecords.Channel(1, 1, "/t"), Message = RawRecords.Message(1, 5, 9);

    [Fact]
    public void Open_WrongMagic_NamesTheByte()
    {
        var e = Assert.Throws<McapException>(() => McapSamples.Open("PK\u0003\u0004 not mcap"u8.ToArray()));
        Assert.Equal("test.mcap: not an MCAP file: byte 0 is 0x50, expected 0x89 (MCAP §Magic).", e.Message);
        Assert.Contains("it has 3 bytes", Assert.Throws<McapException>(() => McapSamples.Open([0x89, (byte)'M', (byte)'C'])).Message, StringComparison.Ordinal);
        Assert.Throws<McapException>(() => McapSamples.Open([]));
    }

    [Fact]
    public void Open_AbsentFile_IsTheDocumentedError()
    {
        string path = Path.Combine(Path.GetTempPath(), "absent-folder", "absent.mcap");
        Assert.Contains(path, Assert.Throws<McapException>(() => McapReader.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ChunkCrcMismatch_SkipsListsOrRefuses()
    {
        byte[] file = McapSamples.Small();
        using var sound = McapSamples.Open(file);
        var chunk = sound.Chunks[1];
        file[(int)(chunk.Offset + chunk.Length - 1)] ^= 1;
        using var reader = McapSamples.Open(file);
        var got = McapSamples.ReadAll(reader);
        McapSamples.ReadAll(reader); // once more lists nothing twice
        var defect = Assert.Single(reader.Defects);
        Assert.Equal((McapDefectKind.ChunkCrc, chunk.Offset), (defect.Kind, defect.Offset));
        Assert.NotEqual(defect.Stated, defect.Found);
        Assert.Contains($"CRC is 0x{defect.Stated:X8}, content gives 0x{defect.Found:X8}", defect.Sentence, StringComparison.Ordinal);
        Assert.InRange(got.Count, 1, McapSamples.SmallMessages - 1);
        Assert.Contains("content gives", Assert.Throws<McapException>(() => McapSamples.ReadIndexed(file, new McapReaderOptions { Strict = true })).Message, StringComparison.Ordinal);
        var unverified = McapSamples.ReadIndexed(file, new McapReaderOptions { VerifyCrc = false });
        Assert.Equal(McapSamples.SmallMessages, unverified.Count);
        Assert.All(unverified, m => Assert.False(m.IsChecked));
    }

    [Fact]
    public void Open_SummaryCrcMismatch_ScansAndGivesEverything()
    {
        byte[] file = McapSamples.Small();
        file[RawRecords.Of(file).Last(r => r.Opcode == 8).Offset + 12] ^= 1;
        using var reader = McapSamples.Open(file);
        Assert.True(reader.Scanned);
        Assert.False(reader.Truncated);
        Assert.Equal(McapDefectKind.SummaryCrc, Assert.Single(reader.Defects).Kind);
        Assert.Equal(McapSamples.SmallMessages, McapSamples.ReadAll(reader).Count);
        Assert.Equal("42", Assert.Single(reader.Metadata).Values["seed"]);
        Assert.Equal("hello attachment"u8.ToArray(), reader.ReadAttachment(Assert.Single(reader.Attachments)));
    }

    [Fact]
    public void Open_ConflictingIds_NameBothOffsets()
    {
        AssertError(RawRecords.File(Schema, RawRecords.Schema(1, "other")), "Schema record at offset 51: schema 1 is 'other', but the Schema record at offset 25 has 's'");
        byte[] other = RawRecords.Channel(1, 1, "/other");
        AssertError(RawRecords.File(RawRecords.Chunk([.. Schema, .. Channel]), RawRecords.Chunk(other)), "Channel record at byte 0 of the chunk at offset", "but the Channel record at byte");
    }

    [Fact]
    public void Open_BrokenOrderOrFields_AreErrorsWithOffsets()
    {
        AssertError(RawRecords.File(Message), "channel 1 is unknown");
        AssertError(RawRecords.File(Channel), "schema 1 is unknown");
        AssertError(RawRecords.File(RawRecords.Schema(0, "s")), "schema id is 0");
        AssertError(RawRecords.File(Schema, RawRecords.Record(4, [1, 0, 1, 0, 2, 0, 0, 0, 0xC3, 0x28, 0, 0, 0, 0, 0, 0, 0, 0])), "is not UTF-8");
        AssertError(RawRecords.File(RawRecords.Record(12, [.. RawRecords.Text("m"), .. RawRecords.U32(5), 1, 0, 0, 0, 65])), "Metadata record at offset 25", "needs 4 bytes, 0 are left");
        AssertError(RawRecords.File(RawRecords.Record(12, [.. RawRecords.Text("m"), .. RawRecords.U32(500), 1])), "needs 500 bytes, 1 are left");
        AssertError(RawRecords.File(Schema, Channel, RawRecords.Record(5, new byte[21])), "it has 21 bytes");
        AssertError([.. McapLayout.Magic, .. Schema], "the first record must be the Header");
    }

    [Fact]
    public void Read_ChannelKnownOnlyToASkippedChunk_LeavesItsMessagesOut()
    {
        byte[] file = RawRecords.File(RawRecords.Chunk([.. Schema, .. Channel, .. Message], crc: 1), RawRecords.Chunk([.. RawRecords.Channel(2, 0, "/u"), .. RawRecords.Message(2, 6), .. Message]));
        using var reader = McapSamples.Open(file);
        Assert.Equal("/u", Assert.Single(McapSamples.ReadAll(reader)).Topic);
        Assert.Equal([McapDefectKind.ChunkCrc, McapDefectKind.MessagesSkipped], reader.Defects.Select(d => d.Kind));
    }

    [Fact]
    public void Open_UnknownCompression_RefusesByName()
    {
        byte[] file = RawRecords.File(RawRecords.Chunk([.. Schema, .. Channel, .. Message], "brotli"));
        AssertError(file, "its compression 'brotli' is unknown");
    }

    [Theory]
    [InlineData("lz4", "liblz4.so.1")]
    [InlineData("zstd", "libzstd.so.1")]
    public void Open_LibraryAbsent_NamesIt(string compression, string library)
    {
        byte[] file = RawRecords.File(RawRecords.Chunk([.. Schema, .. Channel, .. Message], compression));
        var e = Assert.Throws<McapException>(() => McapSamples.Open(file, new McapReaderOptions { FindCodec = _ => null }));
        Assert.Contains($"the library {library} is absent", e.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public void Open_CompressedGarbageOrABomb_SkipsTheChunk(string compression)
    {
        using var codec = ChunkCodec.Find(compression);
        Skip.If(codec is null, $"{ChunkCodec.LibraryOf(compression)} is absent on this machine; apt-get install libzstd1 liblz4-1");
        foreach (ulong claimed in (ulong[])[100, 1 << 29])
        {
            using var reader = McapSamples.Open(RawRecords.File(RawRecords.Chunk([1, 2, 3, 4, 5, 6, 7, 8], compression, uncompressed: claimed), Schema, Channel, Message));
            Assert.Equal(McapDefectKind.ChunkDamaged, Assert.Single(reader.Defects).Kind);
            Assert.Single(McapSamples.ReadAll(reader));
        }
    }

    [Fact]
    public void Open_LengthBombs_AllocateNothingForThem()
    {
        byte[] huge = RawRecords.File(Schema, Channel, Message);
        int message = RawRecords.Of(huge).Single(r => r.Opcode == 5).Offset;
        foreach (ulong length in (ulong[])[1UL << 30, 1UL << 40, long.MaxValue, ulong.MaxValue])
        {
            foreach (byte opcode in (byte[])[3, 4, 5, 6, 9, 12, 0x77])
            {
                byte[] file = [.. huge];
                file[message] = opcode;
                RawRecords.U64(length).CopyTo(file, message + 1);
                long before = GC.GetAllocatedBytesForCurrentThread();
                using (var reader = McapSamples.Open(file)) Assert.True(reader.Truncated);
                try
                {
                    using var stream = McapSamples.OpenStream(file);
                    McapSamples.ReadAll(stream);
                    Assert.True(stream.Truncated);
                }
                catch (McapException e)
                {
                    Assert.Contains("above the limit", e.Message, StringComparison.Ordinal);
                }
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
            }
        }
    }

    [Fact]
    public void Open_RecordAboveTheLimit_IsRefused()
    {
        byte[] file = RawRecords.File(Schema, Channel, RawRecords.Message(1, 5, new byte[5000]));
        var limit = new McapReaderOptions { MaxRecordBytes = 4000 };
        Assert.Contains("above the limit of 4000 bytes", Assert.Throws<McapException>(() => McapSamples.Open(file, limit)).Message, StringComparison.Ordinal);
        Assert.Throws<McapException>(() => McapSamples.ReadAll(McapSamples.OpenStream(file, limit)));
    }

    [Fact]
    public void Open_ChunkIndexesThatOverlapOrLie_AreNotBelieved()
    {
        byte[] file = McapSamples.Small();
        var index = RawRecords.Of(file).Where(r => r.Opcode == 8).ToArray();
        file.AsSpan(index[0].Offset + 25, 8).CopyTo(file.AsSpan(index[1].Offset + 25)); // the second points at the first
        file.AsSpan(file.Length - 12, 4).Clear(); // and no CRC tells
        using var reader = McapSamples.Open(file);
        Assert.True(reader.Scanned);
        Assert.Equal(McapDefectKind.SummaryDamaged, Assert.Single(reader.Defects).Kind);
        Assert.Equal(McapSamples.SmallMessages, McapSamples.ReadAll(reader).Count);
    }

    [Fact]
    public void ReadAttachment_CrcMismatch_IsAnError()
    {
        byte[] file = McapSamples.Small();
        var record = RawRecords.Of(file).Single(r => r.Opcode == 9);
        file[record.End - 6] ^= 4;
        using var reader = McapSamples.Open(file);
        Assert.Contains("CRC is 0x", Assert.Throws<McapException>(() => reader.ReadAttachment(reader.Attachments[0])).Message, StringComparison.Ordinal);
        Assert.Throws<McapException>(() => reader.ReadAttachment(reader.Attachments[0] with { Offset = long.MaxValue - 3 }));
        Assert.Throws<McapException>(() => reader.ReadAttachment(reader.Attachments[0] with { Offset = 8 }));
    }

    private static void AssertError(byte[] file, params string[] words)
    {
        string stream = Assert.Throws<McapException>(() => McapSamples.ReadAll(McapSamples.OpenStream(file))).Message;
        string scan = Assert.Throws<McapException>(() => McapSamples.Open(file)).Message;
        Assert.Equal(scan, stream);
        foreach (string word in words) Assert.Contains(word, scan, StringComparison.Ordinal);
    }
}
