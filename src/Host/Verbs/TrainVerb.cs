using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>Trains a network that ships.</summary>
internal sealed class TrainVerb : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "Which network: " + string.Join(", ", Catalog.Trainings.Select(t => t.Name)) + "." };
    private readonly Option<ulong> _seed = VerbOption.Number<ulong>("--seed", "Seed of everything random; the same seed gives the same network on the same kind of machine.", 1, 0, ulong.MaxValue);
    private readonly Option<bool> _quick = new("--quick") { Description = "A short training to see that all works; the network is worse." };
    private readonly Option<string?> _data = VerbOption.Text("--data", "folder", "Folder of the real recordings, for networks that need them.");
    private readonly Option<string?> _out = VerbOption.Text("--out", "file", "Where the network goes, NAME.nir or NAME.policy.json or what its kind is; curves and the result as JSON are put beside it. Default in this folder.");
    private readonly Option<string?> _checkpoint = VerbOption.Text("--checkpoint", "file", "Keeps the state of the training, and goes on from it when it exists: the network comes out as if nothing had happened.");

    /// <summary>Makes the verb.</summary>
    public TrainVerb()
        : base("train", "Trains a network that ships, with progress, checkpoints and a test on data it did not see.", "edge train digits --seed 1 --out models/digits.nir", "edge train motion --quick", "edge train digits --checkpoint digits.checkpoint")
    {
        Add(_name);
        Add(_seed);
        Add(_quick);
        Add(_data);
        Add(_out);
        Add(_checkpoint);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        var training = NamedChoice.Find(Catalog.Trainings, t => t.Name, parse.GetValue(_name)!, "network");
        string file = parse.GetValue(_out) ?? training.Name + training.Ending;
        if (training.Ending != ".nir" && !file.EndsWith(training.Ending, StringComparison.Ordinal)) throw new EdgeException(ExitCode.Usage, $"--out is '{file}'; the model of {training.Name} must end in {training.Ending}.");
        string stem = file.EndsWith(training.Ending, StringComparison.Ordinal) ? file[..^training.Tail.Length] : Path.ChangeExtension(file, null);
        LearningRun.CheckFolder(file);
        long start = Stopwatch.GetTimestamp();
        ulong seed = parse.GetValue(_seed);
        var made = LearningRun.Run(
            terminal, training.Name, stop => new ExperimentContext { Seed = seed, Seeds = 1, Quick = parse.GetValue(_quick), DataFolder = LearningRun.Data(parse.GetValue(_data)), ModelFolder = ModelFiles.Folder, Stop = stop }, c => training.Run(c, parse.GetValue(_checkpoint)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string command = string.Create(CultureInfo.InvariantCulture, $"edge train {training.Name} --seed {seed}{(parse.GetValue(_quick) ? " --quick" : "")}");
        List<string> files = [.. made.Model.Write(file, new ModelOrigin(command, seed, string.Create(CultureInfo.InvariantCulture, $"{made.MetricName} {ExperimentView.Text(made.Metric)}, n = {made.Metric.N}")))];
        foreach (var (ending, bytes) in made.Companions)
        {
            files.Add(stem + ending);
            File.WriteAllBytes(files[^1], bytes);
        }
        files.AddRange(ExperimentView.Draw(stem + ".svg", training.Summary, made.Curves));
        files.Add(stem + ".result.json");
        var result = new TrainResult(training.Name, made.Data, seed, MetricRow.Of(made.MetricName, made.Metric), seconds, files);
        string json = JsonOutput.Serialize(result);
        File.WriteAllText(files[^1], json + "\n");
        if (terminal.Json) terminal.Output.WriteLine(json);
        else
        {
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{training.Name}: {made.MetricName} {ExperimentView.Text(made.Metric)} (n = {made.Metric.N}), {made.Data}; seed {seed}, {seconds:0.0} s"));
            foreach (string note in made.Notes) terminal.Output.WriteLine(note);
            terminal.Output.WriteLine($"written: {string.Join(", ", files)}");
        }
        return ExitCode.Ok;
    }
}
