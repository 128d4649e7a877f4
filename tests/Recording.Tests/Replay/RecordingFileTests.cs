using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording.Tests;

public sealed class RecordingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Whatever is left of a file is refused with a sentence or replays equal, and more of it never gives less.
    [Fact]
    public void Open_CutAtEveryByte_IsRefusedOrReplaysAPrefix()
    {
        byte[] whole = Recording(cycles: 24, chunkEvery: 8);
        int before = 0, opened = 0;
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            string path = Write(whole.AsSpan(0, cut));
            int cycles;
            try
            {
                using var file = RecordingFile.Open(path);
                opened++;
                Assert.False(file.IsDamaged);
                Assert.Equal(cut == whole.Length, file.Notes.Count == 0);
                if (cut < whole.Length) Assert.Contains("truncated", Assert.Single(file.Notes), StringComparison.Ordinal);
                cycles = 0;
                using (var messages = file.Read(["a"]))
                {
                    while (messages.MoveNext()) cycles += RecordingFile.Kind(messages.Current) == RecordKind.Cycle ? 1 : 0;
                }
                if (cycles != before)
                {
                    Assert.Null(RecordedRig.Replay(file, "a", out int replayed));
                    Assert.Equal(cycles, replayed);
                }
            }
            catch (McapException error)
            {
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
                Assert.Equal(0, before);
                continue;
            }
            Assert.True(cycles >= before, $"{cut} bytes give {cycles} cycles, one less gave {before}");
            Assert.True(cycles is 0 or 8 or 16 or 24, $"{cut} bytes give {cycles} cycles: only whole chunks are sure");
            before = cycles;
        }
        Assert.Equal(24, before);
        Assert.True(opened > whole.Length / 2);
    }

    [Fact]
    public void Open_AnyBitFlipped_IsRefusedOrGivesRightRecordsOnly()
    {
        byte[] whole = Recording(cycles: 24, chunkEvery: 8);
        var random = RandomStream.For(1, "bits");
        int refused = 0, damaged = 0, equal = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] bad = [.. whole];
            bad[random.NextInt32(bad.Length)] ^= (byte)(1 << random.NextInt32(8));
            try
            {
                using var file = RecordingFile.Open(Write(bad));
                // A chunk that is left out makes a hole in the numbers, which the loop refuses.
                Assert.Null(RecordedRig.Replay(file, "a", out int cycles));
                if (file.IsDamaged) damaged++;
                else
                {
                    Assert.Equal(24, cycles);
                    equal++;
                }
            }
            catch (Exception error) when (error is McapException or InvalidDataException)
            {
                refused++;
            }
        }
        Assert.True(refused > 30 && damaged > 30, $"{refused} refused, {damaged} damaged, {equal} equal");
    }

    [Theory]
    [InlineData("not an MCAP", "not an MCAP file")]
    [InlineData("empty", "")]
    [InlineData("somebody else's", "it has no 'edgeautonomy.run' record, so it is no recording of edge")]
    [InlineData("other format", "its format is version '2', this program reads version 1; replay it with edge 9.")]
    [InlineData("no configuration", "it has no attachment 'configuration.json'")]
    [InlineData("no loops", "it has no channel of cycle records")]
    [InlineData("no stages", "channel 1 ('/loop/a/cycle'): Channel metadata: edge.stages is missing")]
    [InlineData("three stages", "edge.stages names 3 stages; a loop has 4 to 64")]
    [InlineData("bad period", "edge.period.ns is '0'; must be from 1 to 3600000000000")]
    [InlineData("bad clock", "edge.clock is none that is known")]
    [InlineData("twice", "two channels hold the cycles of loop 'a'")]
    public void Open_FileOfAnotherKind_SaysWhatItIs(string kind, string sentence)
    {
        string path = Path.Combine(_folder, "x.mcap");
        if (kind == "not an MCAP") File.WriteAllText(path, "PK and so on, long enough to be a file of some kind");
        else if (kind == "empty") File.WriteAllBytes(path, []);
        else Foreign(path, kind);
        var error = Assert.Throws<McapException>(() => RecordingFile.Open(path).Dispose());
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    private static void Foreign(string path, string kind)
    {
        using var writer = McapWriter.Create(path);
        if (kind != "somebody else's") writer.AddMetadata(RunInfo.MetadataName, new Dictionary<string, string> { ["format"] = kind == "other format" ? "2" : "1", ["program"] = "edge 9" });
        if (kind != "no configuration") writer.AddAttachment(RunInfo.ConfigurationName, "application/json", 0, 0, "{}"u8);
        if (kind == "no loops") return;
        var metadata = new Dictionary<string, string>(new RecordedRig("a", 1 << 16).Lane.Loop.ToMetadata());
        if (kind == "no stages") metadata.Remove("edge.stages");
        if (kind == "three stages") metadata["edge.stages"] = "a|b|c";
        if (kind == "bad period") metadata["edge.period.ns"] = "0";
        if (kind == "bad clock") metadata["edge.clock"] = "sundial";
        writer.AddChannel("/loop/a/cycle", "x-edgeautonomy", 0, metadata);
        if (kind == "twice") writer.AddChannel("/loop/b/cycle", "x-edgeautonomy", 0, metadata);
    }

    private string Write(ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(_folder, "cut.mcap");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private byte[] Recording(int cycles, int chunkEvery)
    {
        string path = Path.Combine(_folder, "whole.mcap");
        var time = new ManualTime();
        var rig = new RecordedRig("a", 1 << 18, keyframeCycles: 1000);
        var info = new RunInfo { Verb = "test", Robot = "robot", Seed = 7, Configuration = "{}"u8.ToArray(), ConfigurationHash = "0" };
        var writer = new RecordingWriter(new RecordingOptions { Path = path, FlushSeconds = 1 }, info, [rig.Lane], 0, time, _ => { });
        for (int i = 0; i < cycles; i += chunkEvery)
        {
            rig.Run(chunkEvery);
            foreach (var (kind, bytes) in rig.Take()) writer.OnRecord(rig.Lane, kind, bytes);
            time.Advance(1.1);
            writer.OnPause();
        }
        writer.OnEnd();
        return File.ReadAllBytes(path);
    }
}
