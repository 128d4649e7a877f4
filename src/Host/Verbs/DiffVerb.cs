using System.CommandLine;
using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Compares two recordings and names the first cycle and stage that differ.</summary>
internal sealed class DiffVerb : Verb
{
    private readonly Argument<string> _a = new("a") { Description = "The first recording." };
    private readonly Argument<string> _b = new("b") { Description = "The second recording." };

    /// <summary>Makes the verb.</summary>
    public DiffVerb()
        : base(
            "diff",
            "Compares two recordings cycle by cycle and names the first cycle and stage that differ. Exit code 0: equal, 1: different, 2: not comparable.",
            "edge diff a.mcap b.mcap",
            "edge diff a.mcap b.mcap --json")
    {
        Add(_a);
        Add(_b);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        using var a = Recordings.Open(parse.GetValue(_a)!);
        using var b = Recordings.Open(parse.GetValue(_b)!);
        DiffResult result;
        using (var progress = new ProgressLine(terminal, "cycles"))
            result = Recordings.Guard($"{a.Path} and {b.Path}", () => RecordingDiff.Run(a, b, progress, signals.Token));
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else Write(terminal, result);
        return !result.Comparable ? ExitCode.NotComparable : result.Equal ? ExitCode.Ok : ExitCode.Different;
    }

    private static void Write(Terminal terminal, DiffResult r)
    {
        var c = CultureInfo.InvariantCulture;
        foreach (string note in r.Notes) terminal.Say($"edge: {note}");
        if (!r.Comparable)
        {
            terminal.Output.WriteLine($"not comparable: {r.Why}");
            return;
        }
        terminal.Output.WriteLine(string.Create(c, $"{r.Cycles:N0} cycles compared, {r.Different:N0} differ; {r.OnlyInA:N0} only in the first, {r.OnlyInB:N0} only in the second"));
        if (r.FirstDifference is not { } first) return;
        ReplayView.Difference(terminal, first, r.Different, "first", "second");
        TableWriter.Write(terminal, new TableView("what differs first in a cycle", ["field", ">cycles"], [.. r.Fields.OrderByDescending(f => f.Value).Select(f => (IReadOnlyList<string>)[f.Key, f.Value.ToString("N0", c)])]));
    }
}
