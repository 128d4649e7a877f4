using System.CommandLine;
using System.Diagnostics;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>A paper's experiment at our scale.</summary>
internal sealed class ReproduceVerb : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "Which experiment: " + string.Join(", ", Catalog.Experiments.Select(e => e.Name)) + "." };
    private readonly Option<int> _seeds = VerbOption.Number("--seeds", "How many seeds; intervals are over seeds. 0 = five, or two with --quick.", 0, 0, 1000);
    private readonly Option<ulong> _seed = VerbOption.Number<ulong>("--seed", "The first seed; further ones follow on it.", 1, 0, ulong.MaxValue);
    private readonly Option<bool> _quick = new("--quick") { Description = "Minutes instead of up to an hour: fewer seeds, less data, fewer epochs." };
    private readonly Option<string?> _data = VerbOption.Text("--data", "folder", "Folder of the real recordings, for experiments that need them.");
    private readonly Option<string?> _out = VerbOption.Text("--out", "file.json", "Where the result goes; its curves are drawn beside it. Default reproduce-NAME.json in this folder.");

    /// <summary>Makes the verb.</summary>
    public ReproduceVerb()
        : base("reproduce", "Runs a paper's experiment at our scale and prints its table with 95 % intervals.", "edge reproduce motion --quick", "edge reproduce delays --seeds 5 --out results/delays.json")
    {
        Add(_name);
        Add(_seeds);
        Add(_seed);
        Add(_quick);
        Add(_data);
        Add(_out);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string name = parse.GetValue(_name)!;
        var experiment = NamedChoice.Find(Catalog.Experiments, e => e.Name, name, "experiment");
        bool quick = parse.GetValue(_quick);
        string file = parse.GetValue(_out) ?? $"reproduce-{name}.json";
        LearningRun.CheckFolder(file);
        long start = Stopwatch.GetTimestamp();
        var found = LearningRun.Run(terminal, experiment.Name, stop => new ExperimentContext
        {
            Seed = parse.GetValue(_seed), Seeds = parse.GetValue(_seeds) is var n and > 0 ? n : quick ? 2 : 5, Quick = quick, DataFolder = LearningRun.Data(parse.GetValue(_data)), ModelFolder = ModelFiles.Folder, Stop = stop,
        }, experiment.Run);
        var figures = ExperimentView.Draw(Path.ChangeExtension(file, ".svg"), experiment.Summary, found.Curves);
        var result = new ReproduceResult(
            name, experiment.Source, parse.GetValue(_seed), quick, Stopwatch.GetElapsedTime(start).TotalSeconds, [.. found.Rows.Select(ReproduceRow.Of)], [.. found.Curves.Select(ReproduceCurve.Of)], found.Notes, figures);
        string json = JsonOutput.Serialize(result);
        File.WriteAllText(file, json + "\n");
        if (terminal.Json)
        {
            terminal.Output.WriteLine(json);
            return ExitCode.Ok;
        }
        ExperimentView.Write(terminal, $"{experiment.Summary} {experiment.Source}", found.Rows);
        foreach (string note in found.Notes) terminal.Output.WriteLine(note);
        terminal.Output.WriteLine($"written: {string.Join(", ", [file, .. figures])}");
        return ExitCode.Ok;
    }
}
