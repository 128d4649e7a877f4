namespace EdgeAutonomy.Recording.Tests;

/// <summary>Files of the public conformance set (foxglove/mcap, tests/conformance), by their SHA-256, and one byte for byte.</summary>
public class McapGoldenTests
{
    private const McapParts Chunked = McapParts.Chunks | McapParts.ChunkIndex | McapParts.MessageIndex | McapParts.Channels | McapParts.Statistics | McapParts.SummaryOffsets;

    private const string OneMessage = """
        894d434150300d0a 01 0800000000000000 00000000 00000000
        06 9b00000000000000 0200000000000000 0200000000000000 7300000000000000 25aa6fd8 00000000 7300000000000000
          03 1900000000000000 0100 07000000 4578616d706c65 01000000 63 03000000 040506
          04 2600000000000000 0100 0100 07000000 6578616d706c65 01000000 61 0e000000 03000000 666f6f 03000000 626172
          05 1900000000000000 0100 0a000000 0200000000000000 0100000000000000 010203
        07 1600000000000000 0100 10000000 0200000000000000 5100000000000000
        0f 0400000000000000 500b9065
        03 1900000000000000 0100 07000000 4578616d706c65 01000000 63 03000000 040506
        04 2600000000000000 0100 0100 07000000 6578616d706c65 01000000 61 0e000000 03000000 666f6f 03000000 626172
        0b 3800000000000000 0100000000000000 0100 01000000 00000000 00000000 01000000 0200000000000000 0200000000000000 0a000000 0100 0100000000000000
        08 4a00000000000000 0200000000000000 0200000000000000 1900000000000000 a400000000000000 0a000000 0100 bd00000000000000 1f00000000000000 00000000 7300000000000000 7300000000000000
        0e 1100000000000000 03 e900000000000000 2200000000000000
        0e 1100000000000000 04 0b01000000000000 2f00000000000000
        0e 1100000000000000 0b 3a01000000000000 4100000000000000
        0e 1100000000000000 08 7b01000000000000 5300000000000000
        02 1400000000000000 e900000000000000 ce01000000000000 9909a6e7
        894d434150300d0a
        """;

    [Theory]
    [InlineData("NoData", McapParts.None, 75, "f720b819f6ca73301cd793d7c19e686c4779ca0daa1754ab58c086e435c55a32")]
    [InlineData("NoData", McapParts.Statistics | McapParts.SummaryOffsets, 156, "78aed9973f50c4ebc30a8eab27453f6e42b2984c4f402d57e002dafdf217b744")]
    [InlineData("OneMessage", McapParts.None, 190, "73b8812330c9a27255dbbd0e4a0eba507fddd17e3d605ca351560c1dcca85bcb")]
    [InlineData("OneMessage", Chunked | McapParts.Schemas, 603, "c2dc0d4ef3f1ee615eccc5753b4c401878865d05fb58c12aa7086c3e5e147165")]
    [InlineData("OneSchemalessMessage", Chunked, 487, "e9b4aa6f672b611783230a6d642e50dcdf8620ee938226f8e86ca9f22ec64848")]
    [InlineData("TenMessages", Chunked | McapParts.Schemas, 1053, "813c4eb55e1195e5af9482f60d9b214cd083a8805720ec1663812637d716e4d5")]
    [InlineData("OneAttachment", McapParts.AttachmentIndex | McapParts.Statistics | McapParts.SummaryOffsets, 347, "14c5896f47973ccec3482a4dbb990d3a438da72a16cdeeb470b701cd90f7af65")]
    [InlineData("OneMetadata", McapParts.MetadataIndex | McapParts.Statistics | McapParts.SummaryOffsets, 262, "6d7681e1536e3c61a0d9755b1b10b9a7ad4c2042855a839ce96c8c024bc64316")]
    public void Write_ConformanceCase_EqualsThePublishedFile(string name, McapParts parts, int length, string sha256)
    {
        byte[] file = Make(name, parts);
        Assert.Equal(length, file.Length);
        Assert.Equal(sha256, McapSamples.Sha256(file));
    }

    [Fact]
    public void Write_OneMessage_EqualsByteForByte() => Assert.Equal(Hex(OneMessage), Make("OneMessage", Chunked | McapParts.Schemas));

    [Fact]
    public void Read_OneMessage_GivesEveryField()
    {
        using var reader = McapSamples.Open(Hex(OneMessage), new McapReaderOptions { Strict = true });
        Assert.False(reader.Scanned);
        Assert.Equal(new McapHeader("", ""), reader.Header);
        var schema = Assert.Single(reader.Schemas);
        Assert.Equal((1, "Example", "c"), (schema.Id, schema.Name, schema.Encoding));
        Assert.Equal([4, 5, 6], schema.Data.ToArray());
        var channel = Assert.Single(reader.Channels);
        Assert.Equal((1, "example", "a"), (channel.Id, channel.Topic, channel.MessageEncoding));
        Assert.Same(schema, channel.Schema);
        Assert.Equal(new Dictionary<string, string> { ["foo"] = "bar" }, channel.Metadata);
        Assert.Equal(new McapChunk(25, 164, 2, 2, "", 115, 115), Assert.Single(reader.Chunks));
        var s = reader.Statistics!;
        Assert.Equal((1UL, 1, 1L, 1L, 2UL, 2UL), (s.Messages, s.Schemas, s.Channels, s.Chunks, s.StartNs, s.EndNs));
        Assert.Equal(new Dictionary<ushort, ulong> { [1] = 1 }, s.ChannelMessages);
        Assert.Equal(new McapSamples.Got("example", 10, 2, 1, "010203", true), Assert.Single(McapSamples.ReadAll(reader)));
        Assert.True(reader.VerifyDataSection());
        Assert.Empty(reader.Defects);
    }

    [Fact]
    public void Read_TenMessages_AreInOrderOfTimeThenFile()
    {
        byte[] file = Make("TenMessages", Chunked | McapParts.Schemas);
        Assert.Equal([0u, 2, 1, 3, 4, 6, 5, 7, 8, 9], McapSamples.ReadIndexed(file).Select(m => m.Sequence));
        using var stream = McapSamples.OpenStream(file);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (uint)i), McapSamples.ReadAll(stream).Select(m => m.Sequence));
    }

    private static byte[] Make(string name, McapParts parts)
    {
        var options = new McapWriterOptions { Parts = parts, Library = "", DataSectionCrc = true };
        byte[] data = [1, 2, 3];
        return McapSamples.Write(options, w =>
        {
            switch (name)
            {
                case "OneMessage":
                    w.Write(Example(w), 10, 2, 1, data);
                    break;
                case "OneSchemalessMessage":
                    w.Write(w.AddChannel("example", "text"), 10, 2, 1, data);
                    break;
                case "TenMessages":
                    ushort channel = Example(w);
                    int[] times = [0, 2, 1, 3, 3, 5, 4, 7, 8, 9];
                    for (int i = 0; i < 10; i++) w.Write(channel, (uint)i, times[i], times[i], data);
                    break;
                case "OneAttachment":
                    w.AddAttachment("myFile", "application/octet-stream", 2, 1, data);
                    break;
                case "OneMetadata":
                    w.AddMetadata("myMetadata", [new("foo", "bar")]);
                    break;
            }
        });
    }

    private static ushort Example(McapWriter w) => w.AddChannel("example", "a", w.AddSchema("Example", "c", [4, 5, 6]), [new("foo", "bar")]);

    private static byte[] Hex(string text) => Convert.FromHexString(string.Concat(text.Where(char.IsAsciiHexDigit)));
}
