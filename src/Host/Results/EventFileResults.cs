using System.Globalization;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Makes the result of the event-file verbs from the reader's statistics.</summary>
internal static class EventFileResults
{
    /// <summary>Makes the result.</summary>
    /// <param name="info">What the file is.</param>
    /// <param name="s">The sums over its events.</param>
    /// <param name="violations">What the decoder counted.</param>
    /// <param name="dropped">Events lost on the way.</param>
    /// <param name="wallSeconds">How long it took.</param>
    public static EventFileResult Of(EventFileInfo info, EventFileStatistics s, DecoderCounters violations, long dropped, double wallSeconds) => new()
    {
        Format = info.FormatName,
        Width = info.Width,
        Height = info.Height,
        Events = s.Events,
        On = s.On,
        Off = s.Off,
        SumX = s.SumX,
        SumY = s.SumY,
        TFirstUs = s.Events == 0 ? null : s.TFirstUs,
        TLastUs = s.Events == 0 ? null : s.TLastUs,
        Violations = violations.ToDictionary(),
        Dropped = dropped,
        EventsPerSecond = wallSeconds > 0 ? s.Events / wallSeconds : 0,
        RecordedEventsPerSecond = s.EventsPerSecond,
    };

    /// <summary>Makes the table that a person reads.</summary>
    public static TableView Table(string file, EventFileResult r)
    {
        var c = CultureInfo.InvariantCulture;
        var rows = new List<IReadOnlyList<string>>
        {
            Row("format", r.Format),
            Row("sensor", r.Width == 0 ? "unknown" : $"{r.Width} x {r.Height}"),
            Row("events", r.Events.ToString("N0", c)),
            Row("on / off", string.Create(c, $"{r.On:N0} / {r.Off:N0}")),
            Row("time", r is { TFirstUs: { } first, TLastUs: { } last } ? string.Create(c, $"{first} to {last} us ({(last - first) * 1e-6:0.######} s)") : "no events"),
            Row("recorded rate", string.Create(c, $"{r.RecordedEventsPerSecond:N0} events/s")),
            Row("processed at", string.Create(c, $"{r.EventsPerSecond:N0} events/s")),
            Row("sums", string.Create(c, $"x {r.SumX}, y {r.SumY}")),
        };
        if (r.Cycles is { } cycles) rows.Add(Row("cycles", cycles.ToString("N0", c)));
        if (r.Boxes is { } boxes) rows.Add(Row("boxes", boxes.ToString("N0", c)));
        if (r.Sectors is { } sectors) rows.Add(Row("sectors with time to contact", sectors.ToString("N0", c)));
        if (r.LatencyUs is { } l) rows.Add(Row("cycle time", string.Create(c, $"p50 {l.P50:0.#} us, p99 {l.P99:0.#} us, max {l.Max:0.#} us")));
        if (r.Speedup is { } speedup) rows.Add(Row("speed", string.Create(c, $"{speedup:0.##} x recorded time{(r.ColdSpeedup is { } cold ? $" (cold start {cold:0.##} x)" : "")}")));
        if (r.StateHash is { } hash) rows.Add(Row("state hash", hash));
        rows.Add(Row("dropped", r.Dropped.ToString("N0", c)));
        foreach (var (kind, count) in r.Violations) rows.Add(Row("violation " + kind, count.ToString("N0", c)));
        return new TableView(file, ["", "value"], rows);
    }

    /// <summary>Makes the tables of a percept.</summary>
    public static IEnumerable<TableView> Tables(PerceptView percept)
    {
        var c = CultureInfo.InvariantCulture;
        string at = string.Create(c, $"{percept.TimeUs} us");
        yield return new TableView(
            $"boxes about fast things at {at}", [">left", ">top", ">right", ">bottom", ">pixels"],
            [.. percept.Boxes.Select(b => (IReadOnlyList<string>)[b.Left.ToString(c), b.Top.ToString(c), b.Right.ToString(c), b.Bottom.ToString(c), b.Pixels.ToString(c)])]);
        yield return new TableView(
            $"sectors at {at}", [">bearing deg", ">time to contact s", ">confidence", ">events/s"],
            [.. percept.Sectors.Select(s => (IReadOnlyList<string>)
            [
                s.BearingDegrees.ToString("0.0", c), s.TimeToContactSeconds?.ToString("0.00", c) ?? "-", s.Confidence.ToString("0.00", c), s.EventsPerSecond.ToString("N0", c),
            ])]);
    }

    private static IReadOnlyList<string> Row(string name, string value) => [name, value];
}
