using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>Makes a signed bundle of a trained mission policy.</summary>
internal sealed class PolicyPackVerb : Verb
{
    private const string Iso = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly Argument<string> _file = new("file.mission.json") { Description = "The trained policy." };
    private readonly Option<string> _key = new("--key") { HelpName = "file", Description = "The private key to sign with.", Required = true };
    private readonly Option<string> _out = new("--out") { HelpName = "folder", Description = "Where the bundle goes; a folder that is absent or empty.", Required = true };
    private readonly Option<string?> _parent = VerbOption.Text("--parent", "id", "Id of the bundle that it was trained from.");
    private readonly Option<int> _missions = VerbOption.Number("--missions", "Held-out missions per family in the evaluation report.", 100, 1, 100_000);
    private readonly Option<MissionWorldSize?> _size = VerbOption.Choice<MissionWorldSize>("--size", "Size of the report's missions; Small unless given.");
    private readonly Option<bool> _lockers = new("--lockers") { Description = "The report's missions have closed lockers." };

    /// <summary>Makes the verb.</summary>
    public PolicyPackVerb()
        : base(
            "pack",
            "Makes a bundle of a trained mission policy: the policy, a golden input with its output, an evaluation on held-out missions of MissionWorld, and a signed manifest.",
            "edge policy pack agent.mission.json --key signing.key --out bundle",
            "edge policy pack agent.mission.json --key signing.key --out bundle --missions 20 --json")
    {
        Add(_file);
        Add(_key);
        Add(_out);
        Add(_parent);
        Add(_missions);
        Add(_size);
        Add(_lockers);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        string file = parse.GetValue(_file)!, folder = parse.GetValue(_out)!, parent = parse.GetValue(_parent) ?? "";
        if (parent.Length > 0 && !(parent.Length == 64 && parent.All(char.IsAsciiHexDigitLower))) throw new EdgeException(ExitCode.Usage, $"--parent is '{parent}'; must be a bundle's id, 64 lower-case hexadecimal digits.");
        using var key = BundleKeyFile.ReadPrivate(parse.GetValue(_key)!);
        var weights = CandidateFile.Read(file);
        if (weights.Card.Name.Length is 0 or > 128) throw new InvalidDataException($"{file}: the policy's name has {weights.Card.Name.Length} characters; a bundle's has 1 to 128.");
        var world = new PolicyMissions(parse.GetValue(_size) ?? MissionWorldSize.Small, parse.GetValue(_lockers));
        var policy = Open(file, weights);
        IReadOnlyList<PolicyFamilyResult> families;
        using (var progress = new ProgressLine(terminal, "missions")) families = Evaluate(policy, world, parse.GetValue(_missions), progress, signals.Token);
        var all = Interval.OfShare(families.Sum(f => f.Succeeded), families.Sum(f => f.Missions));
        byte[] report = Encoding.UTF8.GetBytes(JsonOutput.Serialize(new { Schema = 1, World = $"MissionWorld {world.Name}", Alone = true, weights.Card.Command, weights.Card.Result, Success = MetricRow.Of("success", all), Families = families }));
        var hashes = MissionWorldContract.Expectations;
        // Seeds beyond the signed range are kept in the policy's own card.
        long[] seeds = weights.Card.Seed <= long.MaxValue ? [(long)weights.Card.Seed] : [];
        var manifest = new BundleManifest(
            weights.Card.Name, BundleKind.Compact, parent, TimeProvider.System.GetUtcNow().ToString(Iso, CultureInfo.InvariantCulture), [], hashes.ActionVocabularySha256, hashes.ObservationSchemaSha256, hashes.DomainSha256,
            null, "", [.. seeds], CandidateBundle.ReportFile, null, null);
        string id = BundleWriter.Write(folder, manifest, CandidateBundle.Files(weights, world.Sets[^1].Start(PolicyMissions.Number(PolicyPurpose.Report, 0)), report), key);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(new { Id = id, weights.Card.Name, Folder = folder, KeyId = BundleKeyFile.IdOf(key), Success = MetricRow.Of("success", all), Families = families }));
        else terminal.Output.WriteLine($"bundle {id} in {folder}: '{weights.Card.Name}', alone successful in {ExperimentView.Text(all)} of {all.N} held-out missions; signed by {BundleKeyFile.IdOf(key)}");
        return ExitCode.Ok;
    }

    private static CandidatePolicy Open(string file, CandidateWeights weights)
    {
        try
        {
            return new CandidatePolicy(weights, MissionWorldContract.Shape);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }

    private static List<PolicyFamilyResult> Evaluate(CandidatePolicy policy, PolicyMissions world, int missions, ProgressLine progress, CancellationToken stop)
    {
        var trial = new MissionTrial(TimeProvider.System);
        var results = new List<PolicyFamilyResult>();
        for (int f = 0; f < world.Sets.Count; f++)
        {
            int succeeded = 0, steps = 0;
            for (int i = 0; i < missions; i++)
            {
                var one = trial.PlayAsync(new PolicyLine(policy), world.Sets[f].Start(PolicyMissions.Number(PolicyPurpose.Report, i)), cancel: stop).GetAwaiter().GetResult();
                if (stop.IsCancellationRequested) throw new EdgeException(ExitCode.Interrupted, "The evaluation was ended early; no bundle was written.");
                if (one.Succeeded) succeeded++;
                steps += one.Report.Steps;
                progress.Report(f * missions + i + 1, world.Sets.Count * missions);
            }
            results.Add(new PolicyFamilyResult(PolicyMissions.Families[f].ToString(), missions, succeeded, null, (double)steps / missions));
        }
        return results;
    }
}
