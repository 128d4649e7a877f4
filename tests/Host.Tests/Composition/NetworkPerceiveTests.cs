using System.Text.Json;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A loop whose perception is a dense network out of an ONNX file, from the configuration to the percept and its replay.</summary>
public sealed class NetworkPerceiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-network").FullName;

    [Fact]
    public void Run_ManagedNetwork_SeesAndReplaysBitForBit()
    {
        Write("net.onnx", Model(16, 2));
        string run = Path.Combine(_folder, "run.mcap");
        var (code, output, error) = EdgeProgramTests.Run("run", "--config", Configuration("Managed"), "--seconds", "1.5", "--record", run, "--json");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        Assert.True(json.RootElement.GetProperty("loops")[0].GetProperty("cycles").GetInt64() > 2);
        (code, output, error) = EdgeProgramTests.Run("replay", run, "--json");
        Assert.True(code == 0, error + output);
        using var replay = JsonDocument.Parse(output);
        Assert.True(replay.RootElement.GetProperty("equal").GetBoolean());

        Write("net.onnx", Model(16, 2, seed: 5));
        (code, _, error) = EdgeProgramTests.Run("replay", run);
        Assert.True(code == 74 && error.Contains("was recorded with the model", StringComparison.Ordinal), $"{code}: {error}");
    }

    [Fact]
    public void Run_AutoWithoutTheLibrary_SaysSoInOneLineAndRunsManaged()
    {
        Write("net.onnx", Model(16, 2));
        string run = Path.Combine(_folder, "auto.mcap");
        var (code, output, error) = EdgeProgramTests.Run("run", "--config", Configuration("Auto", "/nowhere/libonnxruntime.so"), "--seconds", "1", "--record", run, "--json");
        Assert.True(code == 0, error);
        Assert.Single(error.Split('\n'), l => l.Contains("net.onnx runs in", StringComparison.Ordinal));

        // Another machine may find another engine: the percepts come from the log, and neither network nor library is asked for.
        File.Delete(Path.Combine(_folder, "net.onnx"));
        (code, output, error) = EdgeProgramTests.Run("replay", run, "--json");
        Assert.True(code == 0, error + output);
        using var replay = JsonDocument.Parse(output);
        Assert.True(replay.RootElement.GetProperty("equal").GetBoolean() && replay.RootElement.GetProperty("cycles").GetInt64() > 2);
    }

    [Theory]
    [InlineData("text", 74, "net.onnx")]
    [InlineData("cut", 74, "net.onnx")]
    [InlineData("otherOutput", 74, "it needs an output 'time_to_contact'")]
    [InlineData("tooManySectors", 74, "sectors; the most are")]
    public void Run_WrongNetwork_IsOneClearError(string kind, int expected, string part)
    {
        byte[] good = Model(16, 2);
        Write("net.onnx", kind switch
        {
            "text" => "this is no network"u8.ToArray(),
            "cut" => good[..(good.Length / 2)],
            "otherOutput" => Model(16, 2, "contact_time"),
            _ => Model(64, 2),
        });
        var (code, _, error) = EdgeProgramTests.Run("run", "--config", Configuration("Managed"), "--seconds", "1");
        Assert.True(code == expected && error.Contains(part, StringComparison.Ordinal), $"{code}: {error}");
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_AbsentNetwork_IsAFinding()
    {
        var (code, output, _) = EdgeProgramTests.Run("validate", Configuration("Managed"), "--json");
        Assert.Equal(78, code);
        Assert.Contains("Loops:look:Perceive:Model is 'net.onnx'; must be the path of a file that exists", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private string Configuration(string engine, string library = "")
    {
        // An EVT2 recording of 32 x 32 pixels: 400 events, one every 50 us.
        var file = new MemoryStream();
        file.Write("% evt 2.0\n% format EVT2;height=32;width=32\n% end\n"u8);
        for (uint i = 0, high = uint.MaxValue; i < 400; i++)
        {
            uint time = i * 50;
            if (time >> 6 != high) file.Write(BitConverter.GetBytes(0x8u << 28 | (high = time >> 6)));
            file.Write(BitConverter.GetBytes((i & 1) << 28 | (time & 63) << 22 | i % 32 << 11 | i / 13 % 32));
        }
        Write("events.raw", file.ToArray());
        string path = Path.Combine(_folder, "robot.json");
        File.WriteAllText(path, $$"""
            {
              "Robot": { "Id": "r1", "Seed": 1 },
              "Clock": { "Mode": "Sim" },
              "Recording": { "Enabled": false },
              "Onnx": { "LibraryPath": "{{library}}" },
              "Loops": { "look": {
                "Sense": { "Type": "EventFile", "Path": "events.raw" },
                "Perceive": { "Type": "Network", "Model": "net.onnx", "Engine": "{{engine}}", "Width": 32, "Height": 32 },
                "Decide": { "Type": "None" },
                "Act": { "Type": "None" } } }
            }
            """);
        return path;
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_folder, name), bytes);

    // A linear layer over the frame: one number per sector.
    private static byte[] Model(int sectors, int channels, string output = "time_to_contact", ulong seed = 4)
    {
        const int Side = 32;
        int inputs = channels * Side * Side;
        var random = new RandomStream(seed);
        float[] weights = [.. Enumerable.Range(0, sectors * inputs).Select(_ => (float)random.NextDouble())];
        NirNode Node(string name, NirNodeType type, params (string Name, NirValue Value)[] p) => new(name, type, new NirGroup(p.ToDictionary(x => x.Name, x => x.Value)));
        var graph = new NirGraph(
            [
                Node("input", NirNodeType.Input, ("shape", NirArray.Vector(channels, Side, Side))),
                Node("flat", NirNodeType.Flatten, ("start_dim", NirArray.Scalar(0L)), ("end_dim", NirArray.Scalar(-1L)), ("input_type", NirArray.Vector(channels, Side, Side))),
                Node("fc", NirNodeType.Linear, ("weight", NirArray.Of(weights, sectors, inputs))),
                Node(output, NirNodeType.Output, ("shape", NirArray.Vector(sectors))),
            ],
            [new NirEdge("input", "flat"), new NirEdge("flat", "fc"), new NirEdge("fc", output)]);
        return OnnxExport.FromGraph(graph).Write();
    }
}
