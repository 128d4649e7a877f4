using System.Text.Json;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Sensors.Tests;

/// <summary>The oracle beside the shared recordings: sums made by independent decoders.</summary>
internal static class ExpectedSums
{
    public static JsonElement Of(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Require("events/expected.json")));
        return document.RootElement.GetProperty(file).Clone();
    }

    public static List<Event> ReadAll(string path, EventFileOptions? options = null)
    {
        using var reader = EventFile.Open(path, options);
        return ReadAll(reader);
    }

    public static List<Event> ReadAll(EventFileReader reader)
    {
        var events = new List<Event>();
        var buffer = new Event[4096];
        for (int n; (n = reader.Read(buffer)) > 0;) events.AddRange(buffer.AsSpan(0, n));
        return events;
    }

    public static void AssertEqual(JsonElement expected, IReadOnlyList<Event> events)
    {
        Assert.Equal(expected.GetProperty("events").GetInt64(), events.Count);
        Assert.Equal(expected.GetProperty("on").GetInt64(), events.Count(e => e.Polarity == 1));
        Assert.Equal(expected.GetProperty("sum_x").GetInt64(), events.Sum(e => (long)e.X));
        Assert.Equal(expected.GetProperty("sum_y").GetInt64(), events.Sum(e => (long)e.Y));
        Assert.Equal(expected.GetProperty("x_max").GetInt32(), events.Max(e => e.X));
        Assert.Equal(expected.GetProperty("y_max").GetInt32(), events.Max(e => e.Y));
        Assert.Equal(expected.GetProperty("t_first").GetInt64(), events[0].TimeUs);
        Assert.Equal(expected.GetProperty("t_last").GetInt64(), events[^1].TimeUs);
        Assert.Equal(expected.GetProperty("sum_dt_mod").GetInt64(), events.Sum(e => (e.TimeUs - events[0].TimeUs) % 1_000_003));
        int i = 0;
        foreach (var first in expected.GetProperty("first3").EnumerateArray())
        {
            var e = events[i++];
            Assert.Equal(first.EnumerateArray().Select(v => v.GetInt64()), [e.TimeUs, e.X, e.Y, e.Polarity]);
        }
    }
}
