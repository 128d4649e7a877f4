using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>Every way to cut a file, and every bit of it flipped.</summary>
public class McapDamageTests
{
    [Theory]
    [InlineData(McapParts.All)]
    [InlineData(McapParts.None)]
    public void Open_FileCutAnywhere_GivesExactlyWhatIsWhole(McapParts parts)
    {
        byte[] file = McapSamples.Small(parts);
        for (int length = 0; length < file.Length; length++) CheckCut(file, length, parts);
    }

    [Fact]
    public void Open_LargerFileCutAtRandom_GivesExactlyWhatIsWhole()
    {
        byte[] file = McapSamples.Write(new McapWriterOptions { ChunkBytes = 8000 }, w =>
        {
            ushort channel = w.AddChannel("/t", "raw");
            for (int i = 0; i < 2000; i++) w.Write(channel, (uint)i, i ^ 3, i, new byte[i % 100]);
        });
        var random = new RandomStream(7);
        for (int i = 0; i < 200; i++) CheckCut(file, (int)(random.NextUInt64() % (ulong)file.Length), McapParts.All);
    }

    private static void CheckCut(byte[] file, int length, McapParts parts)
    {
        byte[] cut = file[..length];
        if (length < 8)
        {
            Assert.Contains("not an MCAP file", Assert.Throws<McapException>(() => McapSamples.Open(cut)).Message, StringComparison.Ordinal);
            Assert.Throws<McapException>(() => McapSamples.OpenStream(cut));
            return;
        }
        var (whole, partial) = Expected(file, length);
        using var reader = McapSamples.Open(cut);
        Assert.True(reader.Truncated);
        Assert.True(reader.Scanned);
        Assert.Contains($"recovered {whole.Count + partial.Count} messages up to offset", reader.Truncation, StringComparison.Ordinal);
        var got = McapSamples.ReadAll(reader);
        bool chunks = parts.HasFlag(McapParts.Chunks);
        Assert.Equal(whole.OrderBy(m => m.LogTime), got.Where(m => m.IsChecked == chunks && (chunks || !partial.Contains(m))));
        Assert.Equal(partial.OrderBy(m => m.LogTime), got.Where(m => chunks && !m.IsChecked));
        Assert.All(reader.Defects, d => Assert.True(d.Kind is McapDefectKind.Truncated or McapDefectKind.PartialChunk, d.Sentence));

        using var complete = McapSamples.Open(cut, new McapReaderOptions { RecoverPartialChunk = false });
        Assert.Equal(whole.OrderBy(m => m.LogTime), McapSamples.ReadAll(complete));

        using var stream = McapSamples.OpenStream(cut);
        Assert.Equal(McapSamples.Lines(whole.Concat(partial)), McapSamples.Lines(McapSamples.ReadAll(stream)));
        Assert.True(stream.Truncated);
    }

    // From the bytes, without the reader: the messages of whole chunks (or whole records), and those whole in the chunk that is cut.
    private static (List<McapSamples.Got> Whole, List<McapSamples.Got> Partial) Expected(byte[] file, int length)
    {
        List<McapSamples.Got> whole = [], partial = [];
        var topics = new Dictionary<ushort, string>();
        foreach (var record in RawRecords.Of(file))
        {
            if (record.Opcode == 15) break;
            if (record.Opcode == 6)
            {
                int records = record.Offset + 9 + 40;
                for (int at = records; at < record.End;)
                {
                    int content = BitConverter.ToInt32(file, at + 1), end = at + 9 + content;
                    if (end <= length) Take(file[at], file[(at + 9)..end], record.End <= length ? whole : partial, topics, record.End <= length);
                    at = end;
                }
            }
            else if (record.End <= length)
            {
                Take(record.Opcode, record.Content, whole, topics, false);
            }
        }
        return (whole, partial);
    }

    private static void Take(byte opcode, byte[] content, List<McapSamples.Got> to, Dictionary<ushort, string> topics, bool isChecked)
    {
        ushort id = opcode is 4 or 5 ? BitConverter.ToUInt16(content) : (ushort)0;
        if (opcode == 4) topics[id] = System.Text.Encoding.UTF8.GetString(content, 8, BitConverter.ToInt32(content, 4));
        if (opcode == 5) to.Add(new McapSamples.Got(topics[id], BitConverter.ToUInt32(content, 2), BitConverter.ToUInt64(content, 6), BitConverter.ToUInt64(content, 14), Convert.ToHexString(content, 22, content.Length - 22), isChecked));
    }

    [Theory]
    [InlineData(McapCompression.None)]
    [InlineData(McapCompression.Lz4)]
    [InlineData(McapCompression.Zstd)]
    public void Read_AnyBitFlipped_NeverGivesWrongCheckedData(McapCompression compression)
    {
        byte[] file = McapSamples.Small(compression: compression);
        var truth = McapSamples.Lines(McapSamples.ReadIndexed(file)).ToHashSet();
        int refused = 0, listed = 0, same = 0;
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            byte[] bad = [.. file];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                using var reader = McapSamples.Open(bad);
                var got = McapSamples.ReadAll(reader);
                Assert.All(got, m => Assert.True(truth.Contains(m.Line) || !m.IsChecked, $"bit {bit}: {m.Line}"));
                if (reader.Defects.Count > 0) listed++;
                else same++;
                // Without a defect, everything is there.
                if (reader.Defects.Count == 0) Assert.Equal(McapSamples.SmallMessages, got.Count(m => m.IsChecked));
            }
            catch (McapException e)
            {
                Assert.StartsWith("test.mcap: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
            try
            {
                using var stream = McapSamples.OpenStream(bad);
                foreach (var m in McapSamples.ReadAll(stream)) Assert.True(truth.Contains(m.Line) || !m.IsChecked, $"bit {bit}, streamed: {m.Line}");
            }
            catch (McapException)
            {
                // The documented error.
            }
        }
        // All three happen, or the test shows nothing.
        Assert.True(refused > 0 && listed > 0 && same > 0, $"{refused} refused, {listed} listed, {same} same");
    }

    [Fact]
    public void VerifyDataSection_AnyBitOfItFlipped_FindsIt()
    {
        byte[] file = McapSamples.Small(dataCrc: true);
        int dataEnd = RawRecords.Of(file).Single(r => r.Opcode == 15).Offset;
        for (int bit = 64; bit < dataEnd * 8; bit += 3)
        {
            byte[] bad = [.. file];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                using var reader = McapSamples.Open(bad);
                Assert.NotEqual(true, reader.VerifyDataSection());
            }
            catch (McapException)
            {
                // The documented error.
            }
        }
    }

    [Fact]
    public void Open_RandomBytesBehindTheMagic_NeverThrowsAnythingElse()
    {
        var random = new RandomStream(3);
        for (int round = 0; round < 2000; round++)
        {
            var bytes = new byte[8 + random.NextUInt64() % 200];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(random.NextUInt64() % (round % 2 == 0 ? 256UL : 16UL));
            McapLayout.Magic.CopyTo(bytes);
            if (round % 3 == 0) RawRecords.Record(1, new byte[8]).AsSpan(0, Math.Min(17, bytes.Length - 8)).CopyTo(bytes.AsSpan(8));
            try
            {
                McapSamples.ReadIndexed(bytes);
                using var stream = McapSamples.OpenStream(bytes);
                McapSamples.ReadAll(stream);
            }
            catch (McapException)
            {
                // The documented error.
            }
        }
    }
}
