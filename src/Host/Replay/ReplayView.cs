using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Shows what a replay or a comparison found.</summary>
internal static class ReplayView
{
    /// <summary>Writes a replay's result.</summary>
    public static void Write(Terminal terminal, ReplayResult r)
    {
        var c = CultureInfo.InvariantCulture;
        foreach (string note in r.Notes) terminal.Say($"edge: {note}");
        string starts = r.Starts > 1 ? $" from {r.Starts} keyframes" : "";
        terminal.Output.WriteLine(string.Create(c, $"{r.File}: {r.Cycles:N0} cycles of {string.Join(", ", r.Loops)} replayed{starts} in {r.Seconds:0.0} s ({r.CyclesPerSecond:N0}/s)"));
        if (r.LeftOut > 0) terminal.Output.WriteLine(string.Create(c, $"{r.LeftOut:N0} cycles were left out: no keyframe stands in front of them"));
        if (r.Counterfactual.Count > 0)
        {
            terminal.Output.WriteLine($"with {string.Join(", ", r.Overrides)}:");
            TableWriter.Write(terminal, Table(r.Counterfactual));
            terminal.Output.WriteLine("open loop: behind its first changed action a robot would have seen something else; compare closed loops with edge sim");
        }
        else if (r.Equal) terminal.Output.WriteLine("every state hash is equal");
        if (r.FirstDifference is { } d && r.Counterfactual.Count == 0) Difference(terminal, d, r.Different, "recorded", "replayed");
        foreach (string picture in r.Pictures ?? []) terminal.Output.WriteLine($"wrote {picture}");
    }

    /// <summary>Writes a difference.</summary>
    public static void Difference(Terminal terminal, DifferenceRow d, long different, string first, string second)
    {
        var c = CultureInfo.InvariantCulture;
        TableWriter.Write(terminal, new TableView(
            string.Create(c, $"first difference of {different:N0}: loop {d.Loop}, cycle {d.Cycle} at {d.Seconds:0.000000} s"), ["stage", "field", first, second], [[d.Stage, d.Field, d.A, d.B]]));
    }

    private static TableView Table(IReadOnlyList<CounterfactualRow> rows)
    {
        var c = CultureInfo.InvariantCulture;
        return new TableView(
            "what would have differed",
            ["loop", ">cycles", ">first action", ">actions", ">periods", ">rungs", ">rms m/s", ">max m/s", ">rms rad/s", ">max rad/s", ">period", ">was"],
            [.. rows.Select(r => (IReadOnlyList<string>)
            [
                r.Loop, r.Cycles.ToString("N0", c), r.FirstChangedAction?.ToString(c) ?? "-", r.ChangedActions.ToString("N0", c), r.ChangedPeriods.ToString("N0", c), r.ChangedRungs.ToString("N0", c),
                r.RmsLinear.ToString("0.000", c), r.MaxLinear.ToString("0.000", c), r.RmsAngular.ToString("0.000", c), r.MaxAngular.ToString("0.000", c),
                string.Create(c, $"{r.PeriodMs:0.0} ms"), string.Create(c, $"{r.RecordedPeriodMs:0.0} ms"),
            ])]);
    }
}
