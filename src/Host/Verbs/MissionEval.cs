using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>The part of <c>eval</c> that judges mission policies.</summary>
internal static class MissionEval
{
    /// <summary>Tells whether a model is a mission policy: <c>mission</c>, <c>alfworld</c>, or a file that ends so.</summary>
    public static bool IsOne(string model) => model is "mission" or "alfworld" || model.EndsWith(CandidateFile.Ending, StringComparison.Ordinal);

    /// <summary>Tells whether it is judged on ALFWorld's games.</summary>
    /// <param name="model">The policy.</param>
    /// <param name="data">A folder of games or of mission files, or null.</param>
    public static bool PlaysGames(string model, string? data) => data is null ? model == "alfworld" : !MissionFolder.Has(data);

    /// <summary>Runs it.</summary>
    /// <param name="model">The policy; <c>mission</c> = the one that fits the data.</param>
    /// <param name="data">A folder of games or of mission files; null = robot missions, or for a policy of games the unpacked unseen ones.</param>
    /// <param name="limit">Steps after which a game is lost.</param>
    /// <param name="most">The most missions.</param>
    /// <param name="write">A folder that the robot missions are written to, as files; null = none.</param>
    /// <param name="terminal">Where it goes.</param>
    public static ExitCode Run(string model, string? data, int limit, int most, string? write, Terminal terminal)
    {
        bool games = PlaysGames(model, data);
        string name = model == "mission" && games ? "alfworld" : model, file = ModelFiles.Find(name);
        var (weights, missions) = Open(file, data, games, limit);
        int[] numbers = new MissionNumbers(missions).HeldOut(most);
        var files = write is null ? [] : Write(write, missions, numbers);
        long start = Stopwatch.GetTimestamp();
        var found = LearningRun.Run(terminal, "eval", stop => new ExperimentContext { Stop = stop }, c => MissionEvaluation.Run(weights, missions, numbers, p => c.Progress(p, $"{numbers.Length} missions"), c.Stop));
        var result = new MissionEvalResult(
            file, $"{missions.Name}, {numbers.Length} missions that were not learned from", 0, MetricRow.Of("success", found.Success), Stopwatch.GetElapsedTime(start).TotalSeconds, files,
            [
                MetricRow.Of($"success within {MissionEvaluation.PaperLimit} steps", found.SuccessEarly), MetricRow.Of("grounding, chosen among executable commands", found.Grounding),
                MetricRow.Of("success, chosen among plausible commands", found.SuccessUnmasked), MetricRow.Of("grounding, chosen among plausible commands", found.GroundingUnmasked),
            ],
            found.MeanSteps, found.Latency, found.SafeStops);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else Show(result, terminal);
        return ExitCode.Ok;
    }

    private static (CandidateWeights Weights, IMissionSet Missions) Open(string file, string? data, bool games, int limit)
    {
        try
        {
            var weights = CandidateFile.Read(file);
            IMissionSet missions = !games ? data is null ? MissionRecipes.Robot : new MissionFolder(data) : data is null ? AlfWorldFolders.Open(null, "valid_unseen", new AlfWorldOptions(limit)) : new AlfWorldGames(data, new AlfWorldOptions(limit));
            // Says whether it fits these missions, and which file it is about.
            _ = CandidatePolicy.Load(file, missions.Shape);
            return (weights, missions);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new EdgeException(ExitCode.InputMissing, missing.Message, missing);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new EdgeException(ExitCode.Io, broken.Message, broken);
        }
    }

    // Numbered, so that they are read in the order in which they are played here.
    private static List<string> Write(string folder, IMissionSet missions, int[] numbers)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (MissionFolder.Has(folder)) throw new EdgeException(ExitCode.Usage, $"--write is '{folder}', which holds mission files already; name an empty folder.");
            var files = new List<string>(numbers.Length);
            for (int i = 0; i < numbers.Length; i++)
            {
                var mission = (MissionWorldMission)missions.Start(numbers[i]);
                files.Add(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i:00000}-{mission.Name}{MissionFile.Ending}")));
                MissionFile.Write(files[^1], mission.Layout, mission.Limit);
            }
            return files;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException(ExitCode.Io, $"--write {folder}: {error.Message}", error);
        }
    }

    private static void Show(MissionEvalResult result, Terminal terminal)
    {
        var c = CultureInfo.InvariantCulture;
        terminal.Output.WriteLine($"{result.Model}: {result.Data}");
        TableWriter.Write(terminal, new TableView("", ["figure", ">value [95 % interval]", ">n"], [.. new[] { result.Metric }.Concat(result.Figures).Select(m => (IReadOnlyList<string>)
            [m.Name, string.Create(c, $"{100 * m.Value:0.0} % [{100 * m.Low:0.0}, {100 * m.High:0.0}]"), m.N.ToString("N0", c)])]));
        terminal.Output.WriteLine(string.Create(c, $"{result.MeanSteps:0.0} steps a mission; a decision takes {result.LatencyUs.P50:0} us at p50, {result.LatencyUs.P99:0} at p99, {result.LatencyUs.Max:0} at most, runtime and guard included; {result.SafeStops} decisions gave no admissible command"));
        if (result.Files.Count > 0) terminal.Output.WriteLine($"written: {result.Files.Count} mission files, {result.Files[0]} and so on");
        terminal.Output.WriteLine("Commands are chosen from a list of executable ones: another protocol than free-form text agents, not to be ranked against them.");
    }
}
