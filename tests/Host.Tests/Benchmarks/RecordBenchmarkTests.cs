using System.Text.Json;

namespace EdgeAutonomy.Host.Tests;

public class RecordBenchmarkTests
{
    [Fact]
    public void Bench_Record_HasItsFiguresAndLosesNothing()
    {
        var (code, output, error) = EdgeProgramTests.Run("bench", "record", "--seconds", "0.1", "--json");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("record", json.RootElement.GetProperty("name").GetString());
        var figures = json.RootElement.GetProperty("figures").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!);
        foreach (string traffic in (string[])["telemetry of 300 B", "small of 64 B", "frames of 65536 B"])
        {
            foreach (string target in (string[])["nothing", "file"])
            {
                Assert.True(Value($"MCAP {traffic} to {target}, messages") > 0);
                Assert.True(Value($"MCAP {traffic} to {target}, bytes") > 0);
            }
        }
        foreach (string views in (string[])["0", "10"])
        {
            Assert.True(Value($"loop to file, 1000 events a cycle, views at {views} Hz, records") > 0);
            Assert.Equal(0, Value($"loop to file, 1000 events a cycle, views at {views} Hz, drops"));
        }
        Assert.Equal(0, Value("four stages at 10 kHz, drops"));
        foreach (string loop in (string[])["caterpillar of 17 stages, 10 kHz", "rover-like loop, 2 kHz"])
        {
            foreach (string figure in (string[])["recording off", "recording on", "recording adds", "recording adds, median piece", "one record"]) Assert.Equal(JsonValueKind.Number, figures[$"{loop}, {figure}"].GetProperty("p99").ValueKind);
            Assert.True(figures.ContainsKey($"{loop}, one keyframe"));
            Assert.True(figures.ContainsKey($"{loop}, allocation with recording"));
            Assert.Equal(0, Value($"{loop}, drops"));
        }
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), $"edge-bench-{Environment.ProcessId}*"));

        double Value(string name) => figures[name].GetProperty("value").GetDouble();
    }
}
