using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Runs one gate of a policy and records the result.</summary>
internal sealed class PolicyGateVerb : Verb
{
    private static readonly string[] _gates = ["G0", "G1", "G2", "G3", "G4", "G5", "G6"];
    private static readonly GateBounds _standard = new();

    private readonly Argument<string> _id = new("id") { Description = "The bundle: its id, or the first digits of it." };
    private readonly Argument<string> _gate = new("gate") { Description = "G0 integrity, G1 replay of recorded missions, G2 simulated missions, G3 families of golden missions; rehearsed without a robot: G4 shadow, G5 canary, G6 fleet." };
    private readonly Option<string> _store = PolicyStores.StoreOption();
    private readonly Option<string> _keys = PolicyStores.KeysOption();
    private readonly Option<int> _missions = VerbOption.Number("--missions", "Missions to play; 0 = by default: G2 400, G3 100 per family, G5 and G6 50. Fewer make the pass a lowered one.", 0, 0, 1_000_000);
    private readonly Option<MissionWorldSize?> _size = VerbOption.Choice<MissionWorldSize>("--size", "Size of the missions; Small unless given.");
    private readonly Option<bool> _lockers = new("--lockers") { Description = "Missions have closed lockers." };
    private readonly Option<string?> _recorded = VerbOption.Text("--recorded", "file", "G1: the recorded missions.");
    private readonly Option<string?> _record = VerbOption.Text("--record", "file", "G2, G3: writes the incumbent's missions, for --recorded.");
    private readonly Option<int> _decisions = VerbOption.Number("--decisions", "G4: decisions beside the incumbent at least; fewer than 200 make the pass a lowered one.", _standard.ShadowDecisions, 1, 1_000_000);
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "G4: seconds beside the incumbent at least; fewer than 7200 make the pass a lowered one.", _standard.ShadowTime.TotalSeconds, 0, 1_000_000);
    private readonly Option<double> _period = VerbOption.Number("--period-ms", "G4, G5, G6: time from one decision to the next.", 1000.0, 0, 60_000);

    /// <summary>Makes the verb.</summary>
    public PolicyGateVerb()
        : base(
            "gate",
            "Runs one gate of an installed policy against the current one, or against the scripted planner where none is current, and records the result. Exit code 0: passed, 1: not passed.",
            "edge policy gate 1a2b3c G0 --store store --keys signing.pub",
            "edge policy gate 1a2b3c G2 --store store --keys signing.pub --record incumbent.jsonl",
            "edge policy gate 1a2b3c G1 --store store --keys signing.pub --recorded incumbent.jsonl",
            "edge policy gate 1a2b3c G2 --store store --keys signing.pub --missions 40 --json")
    {
        Add(_id);
        Add(_gate);
        Add(_store);
        Add(_keys);
        Add(_missions);
        Add(_size);
        Add(_lockers);
        Add(_recorded);
        Add(_record);
        Add(_decisions);
        Add(_seconds);
        Add(_period);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        string word = NamedChoice.Find(_gates, g => g, parse.GetValue(_gate)!.ToUpperInvariant(), "gate");
        var gate = (Gate)Array.IndexOf(_gates, word);
        if (parse.GetValue(_record) is { } target) LearningRun.CheckFolder(target);
        var recorded = gate == Gate.Replay && parse.GetValue(_recorded) is { } file ? RecordedMissionFile.Read(file) : null;
        using var store = PolicyStores.Open(parse.GetValue(_store)!, parse.GetValue(_keys));
        string id = store.Resolve(parse.GetValue(_id)!);
        long start = Stopwatch.GetTimestamp();
        GateRecord record;
        PolicyGates gates;
        using (var progress = new ProgressLine(terminal, gate == Gate.Shadow ? "shadow" : "missions"))
        {
            try
            {
                var world = new PolicyMissions(parse.GetValue(_size) ?? MissionWorldSize.Small, parse.GetValue(_lockers));
                gates = new PolicyGates(store, id, world, Chosen(parse, recorded), TimeProvider.System, progress, signals.Token);
                record = gates.Run(gate);
            }
            catch (OperationCanceledException)
            {
                throw new EdgeException(ExitCode.Interrupted, $"{word} was ended early; nothing was recorded.");
            }
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (parse.GetValue(_record) is { } to && gates.Played.Count > 0) RecordedMissionFile.Write(to, gates.Played);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(new { Id = id, Gate = word, Name = record.Gate, record.Passed, record.Lowered, record.Stage, record.Evidence, record.At, gates.Incumbent, gates.Families, Seconds = seconds }));
        else Write(terminal, id, word, record, gates.Families, seconds);
        return record.Passed ? ExitCode.Ok : ExitCode.Different;
    }

    private PolicyGateOptions Chosen(ParseResult parse, IReadOnlyList<RecordedMission>? recorded)
    {
        int n = parse.GetValue(_missions);
        var bounds = new GateBounds
        {
            SimulatedMissions = n > 0 ? n : _standard.SimulatedMissions, CanaryMissions = n > 0 ? n : _standard.CanaryMissions,
            ShadowDecisions = parse.GetValue(_decisions), ShadowTime = TimeSpan.FromSeconds(parse.GetValue(_seconds)),
        };
        return new PolicyGateOptions(bounds, n > 0 ? n : PolicyGateOptions.DefaultFamilyMissions, TimeSpan.FromMilliseconds(parse.GetValue(_period)), recorded);
    }

    private static void Write(Terminal terminal, string id, string word, GateRecord record, IReadOnlyList<PolicyFamilyResult> families, double seconds)
    {
        var c = CultureInfo.InvariantCulture;
        terminal.Output.WriteLine(string.Create(c, $"{id[..12]} {word} {(record.Passed ? record.Lowered ? "passed by lowered bounds" : "passed" : "NOT passed")} ({seconds:0.0} s): {record.Evidence}"));
        if (families.Count == 0) return;
        TableWriter.Write(terminal, new TableView("", ["family", ">missions", ">succeeded", ">incumbent", ">mean steps"], [.. families.Select(f => (IReadOnlyList<string>)[f.Family, f.Missions.ToString(c), f.Succeeded.ToString(c), f.IncumbentSucceeded?.ToString(c) ?? "", f.MeanSteps.ToString("0.0", c)])]));
    }
}
