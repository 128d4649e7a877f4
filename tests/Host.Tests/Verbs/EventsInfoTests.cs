using System.Text.Json;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Host.Tests;

public class EventsInfoTests
{
    [SkippableTheory]
    [InlineData("prophesee/gen3_640x480_evt2_50ms.raw")]
    [InlineData("prophesee/gen41_1280x720_evt3_9ms.raw")]
    public void Info_RealRecording_AgreesWithAnIndependentDecoder(string file)
    {
        string path = SharedData.Require("events/" + file);
        using var oracle = JsonDocument.Parse(File.ReadAllText(SharedData.Require("events/expected.json")));
        var expected = oracle.RootElement.GetProperty(file);
        var (code, output, _) = EdgeProgramTests.Run("events", "info", path, "--json");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        foreach (var (ours, theirs) in new[] { ("events", "events"), ("on", "on"), ("sumX", "sum_x"), ("sumY", "sum_y"), ("tFirstUs", "t_first"), ("tLastUs", "t_last") })
            Assert.Equal(expected.GetProperty(theirs).GetInt64(), json.RootElement.GetProperty(ours).GetInt64());
        Assert.Equal(0, json.RootElement.GetProperty("dropped").GetInt64());
        Assert.Equal(JsonValueKind.Object, json.RootElement.GetProperty("violations").ValueKind);
    }

    [Fact]
    public void Info_EmptyFile_Is74()
    {
        var (code, _, error) = Of([]);
        Assert.Equal(74, code);
        Assert.Contains("is empty (0 bytes)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_RandomBytes_Is74()
    {
        byte[] bytes = new byte[4096];
        var random = new Runtime.RandomStream(5);
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.NextInt32(256);
        Assert.Equal(74, Of(bytes).Code);
    }

    [Fact]
    public void Info_ForeignFile_IsNamed()
    {
        var (code, _, error) = Of([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 0]);
        Assert.Equal(74, code);
        Assert.Contains("PNG", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_HeaderOnly_IsARecordingOfNoEvents()
    {
        var (code, output, _) = Of("% evt 2.0\n% format EVT2;height=480;width=640\n% end\n"u8.ToArray(), "--json");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(0, json.RootElement.GetProperty("events").GetInt64());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("tFirstUs").ValueKind);
    }

    [Fact]
    public void Info_TruncatedInsideAWord_GivesTheWholeEventsAndCountsIt()
    {
        byte[] file = [.. "% evt 2.0\n% format EVT2;height=480;width=640\n% end\n"u8, 0x00, 0x00, 0x00, 0x80, 0x05, 0x28, 0x00, 0x10, 0x01];
        var (code, output, _) = Of(file, "--json");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(1, json.RootElement.GetProperty("events").GetInt64());
        Assert.Equal(1, json.RootElement.GetProperty("violations").GetProperty("TruncatedTail").GetInt64());
    }

    private static (int Code, string Output, string Error) Of(byte[] content, params string[] more)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, content);
            return EdgeProgramTests.Run(["events", "info", file, .. more]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
