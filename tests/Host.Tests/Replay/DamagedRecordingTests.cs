using System.Text;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host.Tests;

public sealed class DamagedRecordingTests : IDisposable
{
    private readonly RecordedRun _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Replay_NoRecording_IsOneSentence()
    {
        File.WriteAllText(_runs.At("text.mcap"), "hello, this is no recording at all");
        File.WriteAllBytes(_runs.At("empty.mcap"), []);
        using (var writer = McapWriter.Create(_runs.At("other.mcap"))) writer.AddChannel("/a", "json");
        foreach (var (path, code) in ((string, int)[])[(_runs.At("text.mcap"), 74), (_runs.At("empty.mcap"), 74), (_runs.At("other.mcap"), 74), (_runs.At("absent.mcap"), 66), (_runs.At(""), 66)])
        {
            foreach (string[] line in (string[][])[["replay", path], ["diff", path, path]])
            {
                var (found, output, error) = EdgeProgramTests.Run(line);
                Assert.Equal(code, found);
                Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
                Assert.Contains(path, error, StringComparison.Ordinal);
                Assert.Empty(output);
            }
        }
    }

    [Fact]
    public void Replay_CutAnywhere_IsAClearErrorOrAnEqualPrefix()
    {
        byte[] whole = File.ReadAllBytes(_runs.Demo("a.mcap"));
        string cut = _runs.At("cut.mcap");
        int equal = 0;
        for (int i = 1; i <= 40; i++)
        {
            File.WriteAllBytes(cut, whole[..(int)((long)whole.Length * i / 41)]);
            var (code, json, error) = RecordedRun.Run("replay", cut);
            Assert.True(code is 0 or 1 or 74, error);
            if (code == 0) equal++;
            if (code == 1) Assert.Equal(0, json.GetProperty("cycles").GetInt64()); // nothing whole is in it
        }
        Assert.True(equal > 5);
    }

    [Fact]
    public void Replay_BitFlippedInAChunk_IsRefusedAndGoesOnAtTheNextKeyframeWhenAllowed()
    {
        string file = _runs.Configured("a.mcap", Sim(), 800, keyframeCycles: 50);
        byte[] bytes = File.ReadAllBytes(file);
        using (var reader = McapReader.Open(file))
        {
            Assert.True(reader.Chunks.Count >= 3, $"{reader.Chunks.Count} chunks");
            bytes[reader.Chunks[1].Offset + reader.Chunks[1].Length / 2] ^= 4;
        }
        File.WriteAllBytes(file, bytes);
        var (code, _, error) = EdgeProgramTests.Run("replay", file);
        Assert.True(code == 74, error);
        Assert.DoesNotContain("McapDefect {", error, StringComparison.Ordinal);
        var (allowed, json, text) = RecordedRun.Run("replay", file, "--allow-gaps");
        Assert.True(allowed == 0, text);
        Assert.InRange(json.GetProperty("cycles").GetInt64(), 100, 799);
        Assert.Contains(json.GetProperty("notes").EnumerateArray(), n => n.GetString()!.Contains("CRC", StringComparison.Ordinal));
    }

    [Fact]
    public void Replay_ConfigurationChanged_IsRefusedBecauseItsHashDoesNotFit()
    {
        string file = _runs.At("x.mcap");
        Rewrite(_runs.Configured("a.mcap", Sim(), 20), file, json => json.Replace("\"MaxSpeedMps\"", "\"MaxSpeedMps\" ", StringComparison.Ordinal), hash: null);
        var (code, _, error) = EdgeProgramTests.Run("replay", file);
        Assert.Equal(74, code);
        Assert.Contains("somebody changed it", error, StringComparison.Ordinal);
    }

    // A file made by hand: the hash is right, the configuration is not one.
    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{ "Loops": 5 }""")]
    [InlineData("""{ "Loops": { "avoid": 5 } }""")]
    [InlineData("""{ "Loops": { "avoid": {} }, "Loops": {} }""")]
    [InlineData("")]
    public void Replay_ConfigurationThatIsNone_IsOneSentenceWithAndWithoutOverride(string configuration)
    {
        string file = _runs.At("x.mcap");
        Rewrite(_runs.Configured("a.mcap", Sim(), 20), file, _ => configuration, EffectiveConfiguration.Hash(Encoding.UTF8.GetBytes(configuration)));
        foreach (string[] line in (string[][])[["replay", file], ["replay", file, "--override", "Loops:*:Decide:MaxSpeedMps=1"]])
        {
            var (code, _, error) = EdgeProgramTests.Run(line);
            Assert.True(code is 74 or 78 or 64, $"{code}: {error}");
            Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public void Replay_OtherProgram_IsNotedAndReplayed()
    {
        string file = _runs.At("x.mcap");
        Rewrite(_runs.Configured("a.mcap", Sim(), 20), file, json => json, hash: null, program: "edge 9.9");
        var (code, json, error) = RecordedRun.Run("replay", file);
        Assert.True(code == 0, error);
        Assert.Contains(json.GetProperty("notes").EnumerateArray(), n => n.GetString()!.StartsWith("recorded by edge 9.9, replayed by edge ", StringComparison.Ordinal));
    }

    private static void Rewrite(string from, string to, Func<string, string> configuration, string? hash, string? program = null)
    {
        using var reader = McapReader.Open(from);
        using var writer = McapWriter.Create(to);
        foreach (var metadata in reader.Metadata)
        {
            var values = new Dictionary<string, string>(metadata.Values);
            if (hash is not null && values.ContainsKey("configuration")) values["configuration"] = hash;
            if (program is not null && values.ContainsKey("program")) values["program"] = program;
            writer.AddMetadata(metadata.Name, values);
        }
        foreach (var attachment in reader.Attachments)
        {
            byte[] data = reader.ReadAttachment(attachment);
            writer.AddAttachment(attachment.Name, "application/json", 0, 0, attachment.Name == RunInfo.ConfigurationName ? Encoding.UTF8.GetBytes(configuration(Encoding.UTF8.GetString(data))) : data);
        }
        var ids = reader.Channels.ToDictionary(c => c.Id, c => writer.AddChannel(c.Topic, c.MessageEncoding, 0, c.Metadata));
        using var messages = reader.ReadMessages();
        while (messages.MoveNext()) writer.Write(ids[messages.Current.Channel.Id], 0, (long)messages.Current.LogTimeNs, (long)messages.Current.LogTimeNs, messages.Current.Data.Span);
    }

    private static string Sim() => ValidConfiguration.Set(("Clock:Mode", "\"Sim\""), ("Loops:avoid:Act", """{ "Type": "SimulatedRover" }"""));
}
