using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Learning;
using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Host;

/// <summary>Runs a network, ours or another's, over labelled recordings.</summary>
internal sealed class EvalVerb : Verb
{
    private const double RecordingMs = 300; // three saccades of N-MNIST
    private const int MaxSteps = 10_000;

    private readonly Argument<string> _model = new("model") { Description = "The network, a NIR file of this or another tool; or a mission policy: mission, alfworld, or a file that ends in .mission.json." };
    private readonly Option<string?> _data = VerbOption.Text("--data", "folder", "Folder of the real recordings; of a mission policy, a folder of mission files or of ALFWorld games.");
    private readonly Option<bool> _training = new("--training-list") { Description = "Runs over the 1,000 recordings of the training list instead of the 100 of the test list." };
    private readonly Option<double> _stepMs = VerbOption.Number("--step-ms", "Length of a step of the recordings in milliseconds; 0 = as the network says, else 1.", 0.0, 0, 1000);
    private readonly Option<double> _dt = VerbOption.Number("--dt", "Length of a step in the unit of the network's time constants (seconds; 1 where they are counted in steps); 0 = as the network says or allows to guess.", 0.0, 0, 3600);
    private readonly Option<SpikeReset?> _reset = VerbOption.Choice<SpikeReset>("--reset", "What a spike does to its membrane, where the file does not say.");
    private readonly Option<SpikingPrecision?> _precision = VerbOption.Choice<SpikingPrecision>("--precision", "How weights are kept; default Float32.");
    private readonly Option<bool> _binary = new("--binary-input") { Description = "Several events of one step on one pixel count once; networks of edge train say so themselves." };
    private readonly Option<string?> _exit = VerbOption.Text("--exit", "policy", "When to stop a recording: fixed:STEPS, margin:SPIKES, or a calibration file; default at its end.");
    private readonly Option<int> _limit = VerbOption.Number("--limit", "Of a mission policy: steps after which a game is lost.", 50, 1, 1000);
    private readonly Option<int> _missions = VerbOption.Number("--missions", "Of a mission policy: the most missions.", 500, 1, 1_000_000);
    private readonly Option<string?> _write = VerbOption.Text("--write", "folder", "Of a mission policy: also writes the robot missions that it is judged on, one file each.");
    private readonly Option<string?> _out = VerbOption.Text("--out", "file.svg", "Draws the share of right answers over steps.");

    /// <summary>Makes the verb.</summary>
    public EvalVerb()
        : base("eval", "Runs a network over labelled recordings, step by step as a robot would, and prints accuracy, time, spikes and operations; or a mission policy over missions.", "edge eval models/digits.nir", "edge eval cnn_sinabs.nir --dt 1 --exit margin:10 --out curve.svg", "edge eval mission", "edge eval mission --data json_2.1.1/valid_unseen", "edge eval mission --missions 20 --write my-missions", "edge eval mission --data my-missions")
    {
        Add(_model);
        Add(_data);
        Add(_training);
        Add(_stepMs);
        Add(_dt);
        Add(_reset);
        Add(_precision);
        Add(_binary);
        Add(_exit);
        Add(_limit);
        Add(_missions);
        Add(_write);
        Add(_out);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string file = parse.GetValue(_model)!;
        if (MissionEval.IsOne(file)) return RunMissions(file, parse, terminal);
        Refuse(parse, [_limit, _missions, _write], $"is for mission policies; {file} is taken for a network");
        if (!File.Exists(file)) throw new EdgeException(ExitCode.InputMissing, $"{file} does not exist; check the path.");
        var policy = Policy(parse.GetValue(_exit));
        var graph = NirFile.Read(file, out var warnings);
        double? dt = parse.GetValue(_dt) is var d and > 0 ? d : null;
        var network = SpikingNetwork.Compile(graph, new SpikingOptions { Dt = dt, Reset = parse.GetValue(_reset), Precision = parse.GetValue(_precision) ?? SpikingPrecision.Float32 });
        double stepMs = parse.GetValue(_stepMs) is var s and > 0 ? s : graph.Metadata["edge_dt"] is NirArray { Count: 1 } own ? Math.Round(own.ToDouble()[0] * 1000, 9) : 1;
        int steps = (int)Math.Ceiling(Math.Round(RecordingMs / stepMs, 6));
        if (steps > MaxSteps) throw new EdgeException(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"A recording of {RecordingMs} ms has {steps} steps of {stepMs} ms; at most {MaxSteps}. Give a longer --step-ms."));
        bool binary = parse.GetValue(_binary) || graph.Metadata["edge_input"] is NirText { Text: "binary" };
        string list = parse.GetValue(_training) ? "train1K.txt" : "test100.txt";
        var data = NmnistData.Load(LearningRun.Data(parse.GetValue(_data)), list, new NmnistOptions());
        long start = Stopwatch.GetTimestamp();
        var found = LearningRun.Run(terminal, "eval", stop => new ExperimentContext { Stop = stop }, c => RecordingEvaluation.Run(network, data, (long)Math.Round(stepMs * 1000), steps, binary, p => c.Progress(p, $"{data.Count} recordings"), c.Stop));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var report = ExitReport.Of(policy ?? new FixedExit(steps), found.Traces);
        var result = Result(file, list, found, report, policy, seconds, stepMs, [.. warnings, .. network.Warnings], parse.GetValue(_out));
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else Show(result, terminal);
        return ExitCode.Ok;
    }

    private ExitCode RunMissions(string policy, ParseResult parse, Terminal terminal)
    {
        string? data = parse.GetValue(_data);
        Refuse(parse, [_training, _stepMs, _dt, _reset, _precision, _binary, _exit, _out], $"is for networks; {policy} is a mission policy");
        if (!MissionEval.PlaysGames(policy, data)) Refuse(parse, [_limit], "is for ALFWorld games (give their folder with --data); robot missions have limits of their own");
        if (data is not null || policy == "alfworld") Refuse(parse, [_write], "is for robot missions made from seeds; leave --data out");
        return MissionEval.Run(policy, data, parse.GetValue(_limit), parse.GetValue(_missions), parse.GetValue(_write), terminal);
    }

    // An option that changes nothing would be taken for one that did.
    private static void Refuse(ParseResult parse, ReadOnlySpan<Option> options, string why)
    {
        foreach (var option in options)
        {
            if (parse.GetResult(option) is { Implicit: false }) throw new EdgeException(ExitCode.Usage, $"{option.Name} {why}.");
        }
    }

    private static EvalResult Result(
        string file, string list, RecordingEvaluation found, ExitReport report, IExitPolicy? policy, double seconds, double stepMs, IReadOnlyList<string> warnings, string? picture)
    {
        int n = found.Traces.Samples, steps = found.Traces.Steps;
        var curve = Enumerable.Range(1, steps).Where(t => t == steps || t % Math.Max(1, steps / 60) == 0).Select(t => (t * stepMs, found.AccuracyAfter(t))).ToArray();
        IReadOnlyList<string> files = picture is null ? [] : ExperimentView.Draw(picture, $"{Path.GetFileName(file)} on {list}", [new ExperimentCurve("all recordings cut", "time (ms)", "share of right answers", curve)]);
        var accuracy = Interval.OfShare((long)Math.Round(report.Accuracy * n), n);
        return new EvalResult(
            file, $"N-MNIST, {list}, {n} recordings, {found.Events} events", 0, MetricRow.Of("accuracy", accuracy), seconds, files, stepMs, steps, report.MeanSteps, 1000 * seconds / n, found.SpikesPerRecording,
            found.OperationsPerRecording, found.Energy.Total / n * 1e6, policy is ConformalExit ? report.Coverage : null,
            [.. found.Layers.Select(l => new EvalLayer(l.Name, l.Type.ToString(), l.Neurons, l.Spikes, l.SynapticOperations, l.DenseSteps, l.SparseSteps))],
            [.. curve.Select(p => (double[])[p.Item1, p.Item2.Value])], warnings);
    }

    private static IExitPolicy? Policy(string? text)
    {
        if (text is null) return null;
        foreach (string kind in (string[])["fixed:", "margin:"])
        {
            if (!text.StartsWith(kind, StringComparison.Ordinal)) continue;
            if (!double.TryParse(text[kind.Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !(value > 0 && value <= MaxSteps) || (kind == "fixed:" && value != Math.Floor(value)))
                throw new EdgeException(ExitCode.Usage, $"--exit is '{text}'; {kind} takes a{(kind == "fixed:" ? " whole" : "")} number above 0, at most {MaxSteps}.");
            return kind == "fixed:" ? new FixedExit((int)value) : new MarginExit(value);
        }
        if (!File.Exists(text)) throw new EdgeException(ExitCode.InputMissing, $"--exit is '{text}'; it takes fixed:STEPS, margin:SPIKES, or a calibration file, and no file is there.");
        return ExitFile.Load(text);
    }

    private static void Show(EvalResult result, Terminal terminal)
    {
        var c = CultureInfo.InvariantCulture;
        foreach (string warning in result.Warnings) terminal.Say($"edge: {warning}");
        var m = result.Metric;
        terminal.Output.WriteLine(string.Create(c, $"{result.Model}: {m.Value * 100:0.0} % [{m.Low * 100:0.0}, {m.High * 100:0.0}] right, {result.Data}"));
        terminal.Output.WriteLine(string.Create(c, $"{result.Steps} steps of {result.StepMs:0.###} ms; answered after {result.MeanSteps:0.0} steps on average ({100 * (1 - result.MeanSteps / result.Steps):0} % saved)"));
        if (result.Coverage is { } coverage) terminal.Output.WriteLine(string.Create(c, $"the answer set held the truth in {coverage * 100:0.0} %"));
        terminal.Output.WriteLine(string.Create(c, $"a whole recording: {result.MsPerRecording:0.00} ms on one core, {result.SpikesPerRecording:N0} spikes, {result.OperationsPerRecording:N0} synaptic operations, {result.EnergyMicrojoules:0.0} uJ (an estimate for dedicated hardware)"));
        TableWriter.Write(terminal, new TableView(
            "", ["layer", "type", ">neurons", ">spikes", ">operations", ">dense steps", ">sparse steps"],
            [.. result.Layers.Select(l => (IReadOnlyList<string>)[l.Name, l.Type, l.Neurons.ToString("N0", c), l.Spikes.ToString("N0", c), l.Operations.ToString("N0", c), l.DenseSteps.ToString("N0", c), l.SparseSteps.ToString("N0", c)])]));
        if (result.Files.Count > 0) terminal.Output.WriteLine($"written: {string.Join(", ", result.Files)}");
    }
}
