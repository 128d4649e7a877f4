using System.Text.Json;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host.Tests;

public class RunEventsTests
{
    [Fact]
    public void Run_Recording_PerceivesEveryEventTheSameEachTime()
    {
        string file = Path.Combine(Path.GetTempPath(), $"edge-run-{Environment.ProcessId}.raw");
        try
        {
            Write(file);
            using var info = Json("events", "info", file, "--json");
            using var first = Json("run", "--events", file, "--json");
            using var second = Json("run", "--events", file, "--json");
            using var slower = Json("run", "--events", file, "--period-ms", "8", "--json");
            foreach (string key in (string[])["format", "width", "height", "events", "on", "off", "sumX", "sumY", "tFirstUs", "tLastUs", "dropped"])
            {
                Assert.Equal(info.RootElement.GetProperty(key).ToString(), first.RootElement.GetProperty(key).ToString());
                Assert.Equal(info.RootElement.GetProperty(key).ToString(), slower.RootElement.GetProperty(key).ToString());
            }
            Assert.True(first.RootElement.GetProperty("events").GetInt64() > 10_000);
            Assert.Equal(first.RootElement.GetProperty("stateHash").GetString(), second.RootElement.GetProperty("stateHash").GetString());
            Assert.NotEqual(first.RootElement.GetProperty("stateHash").GetString(), slower.RootElement.GetProperty("stateHash").GetString());
            Assert.True(first.RootElement.GetProperty("cycles").GetInt64() > slower.RootElement.GetProperty("cycles").GetInt64());
            // Of several runs in a process where other tests run too, the least counts (tests/Shared/Allocations says why).
            Assert.Equal(0, new[] { first, second, slower }.Min(r => r.RootElement.GetProperty("allocatedBytesPerCycle").GetDouble()));
            foreach (string key in (string[])["boxes", "sectors", "speedup", "latencyUs", "eventsPerSecond"]) Assert.True(first.RootElement.TryGetProperty(key, out _), key);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [SkippableTheory]
    [InlineData("prophesee/gen3_640x480_evt2_50ms.raw")]
    [InlineData("prophesee/gen41_1280x720_evt3_9ms.raw")]
    public void Run_RealRecording_GivesTheSumsThatOthersComputed(string name)
    {
        string file = EdgeAutonomy.Tests.SharedData.Require("events/" + name);
        using var oracle = JsonDocument.Parse(File.ReadAllText(EdgeAutonomy.Tests.SharedData.Require("events/expected.json")));
        using var run = Json("run", "--events", file, "--json");
        var expected = oracle.RootElement.GetProperty(name);
        foreach (var (key, theirs) in new[] { ("events", "events"), ("on", "on"), ("sumX", "sum_x"), ("sumY", "sum_y"), ("tFirstUs", "t_first"), ("tLastUs", "t_last") })
            Assert.Equal(expected.GetProperty(theirs).GetInt64(), run.RootElement.GetProperty(key).GetInt64());
        Assert.True(run.RootElement.GetProperty("boxes").GetInt64() > 0);
        Assert.NotEmpty(run.RootElement.GetProperty("percept").GetProperty("sectors").EnumerateArray());
    }

    // A bar that sweeps over the sensor: 64 rows, one column a millisecond.
    private static void Write(string file)
    {
        using var writer = EventFile.Create(file, EventFormat.Evt2, 320, 240);
        var events = new Event[64];
        for (int step = 0; step < 250; step++)
        {
            for (int row = 0; row < events.Length; row++) events[row] = new Event(1000 + step * 1000 + row, (ushort)(30 + step), (ushort)(80 + row), (byte)(row & 1));
            writer.Write(events);
        }
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run(arguments);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }
}
