using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Latencies by stage, over several loops of the same four stages.</summary>
internal static class StageLatencies
{
    private static readonly string[] Names = ["sense", "perceive", "decide", "act"];

    /// <summary>Makes one empty histogram per stage.</summary>
    public static LatencyHistogram[] Create() => [.. Names.Select(_ => new LatencyHistogram())];

    /// <summary>Adds what the loops of a fleet measured.</summary>
    public static void Add(LatencyHistogram[] stages, SimulatedFleet fleet)
    {
        foreach (var loop in fleet.Loops)
        {
            for (int i = 0; i < stages.Length; i++) stages[i].Merge(loop.Statistics.Stages[i]);
        }
    }

    /// <summary>Returns one row per stage.</summary>
    public static IReadOnlyList<StageRow> Rows(LatencyHistogram[] stages) => [.. stages.Select((s, i) => new StageRow(Names[i], LatencyUs.Of(s)))];

    /// <summary>Makes the table of stages.</summary>
    public static TableView Table(IReadOnlyList<StageRow> rows)
    {
        var c = CultureInfo.InvariantCulture;
        return new TableView("", ["stage", ">p50 us", ">p99 us", ">max us"],
            [.. rows.Select(r => (IReadOnlyList<string>)[r.Stage, r.LatencyUs.P50.ToString("0.0", c), r.LatencyUs.P99.ToString("0.0", c), r.LatencyUs.Max.ToString("0.0", c)])]);
    }
}
