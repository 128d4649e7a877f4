using System.CommandLine;
using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Performance figures.</summary>
internal sealed class BenchVerb : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "What to measure: " + string.Join(", ", Benches.All.Select(b => b.Name)) + "." };
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "How long to measure each figure, roughly.", 2.0, 0.1, 3600);

    private readonly Option<string?> _out = VerbOption.Text("--out", "file.svg", "Draws the bench's curve; only snn has one.");
    private readonly Option<string?> _broker = VerbOption.Text("--broker", "mqtt://host:port", "A broker that runs already, for link; without it link starts a mosquitto on the loopback.");

    /// <summary>Makes the verb.</summary>
    public BenchVerb()
        : base("bench", "Measures one part of the runtime on this machine; no sample is left out.", "edge bench loop", "edge bench sim --seconds 5 --json", "edge bench snn --out sweep.svg")
    {
        Add(_name);
        Add(_seconds);
        Add(_out);
        Add(_broker);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string name = parse.GetValue(_name)!;
        var bench = NamedChoice.Find(Benches.All, b => b.Name, name, "bench").Run;
        string? file = parse.GetValue(_out);
        if (file is not null && name != "snn") throw new EdgeException(ExitCode.Usage, $"bench {name} has no curve to draw; leave --out away.");
        if (file is not null) LearningRun.CheckFolder(file);
        string? broker = parse.GetValue(_broker);
        if (broker is not null && name != "link") throw new EdgeException(ExitCode.Usage, $"bench {name} needs no broker; leave --broker away.");
        var (figures, picture) = broker is null ? bench(parse.GetValue(_seconds)) : (LinkBenchmark.Run(parse.GetValue(_seconds), LinkBenchmark.ReadBroker(broker)), null);
        if (file is not null) File.WriteAllText(file, picture);
        var result = new BenchResult(name, Machine.Describe(), figures);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else Show(result, terminal);
        return ExitCode.Ok;
    }

    private static void Show(BenchResult result, Terminal terminal)
    {
        var c = CultureInfo.InvariantCulture;
        string title = string.Create(c, $"{result.Machine.Cpu}, {result.Machine.Cores} cores, {result.Machine.Os}, {result.Machine.Runtime}, SIMD {result.Machine.Simd}");
        TableWriter.Write(terminal, new TableView(
            title,
            ["figure", ">value", "unit", ">p50", ">p99", ">max", "note"],
            [.. result.Figures.Select(f => (IReadOnlyList<string>)[f.Name, Number(f.Value), f.Unit, Number(f.P50), Number(f.P99), Number(f.Max), f.Note])]));

        string Number(double? value) => value is { } v ? v.ToString(Math.Abs(v) >= 1000 ? "N0" : "0.###", c) : "";
    }
}
