using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public sealed class MissionRunTests : IDisposable
{
    private readonly RecordedRun _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Sim_OneMission_SucceedsEndToEndWithoutACollision()
    {
        var (code, json, error) = RecordedRun.Run("sim", "--missions", "--agent", "planner", "--episodes", "1", "--seed", "1");
        Assert.True(code == 0, error);
        Assert.Equal(1, json.GetProperty("missionsDone").GetInt32());
        Assert.Equal(0, json.GetProperty("collisions").GetInt32());
        Assert.Equal(1, json.GetProperty("missionRate").GetProperty("n").GetInt32());
        var mission = Assert.Single(json.GetProperty("missions").EnumerateArray());
        Assert.Equal(("mixed-a40-1", "succeeded"), (mission.GetProperty("name").GetString(), mission.GetProperty("outcome").GetString()));
        Assert.InRange(mission.GetProperty("seconds").GetDouble(), 10, 120);
        Assert.Equal(mission.GetProperty("steps").GetInt32(), mission.GetProperty("decisions").GetInt32());
        Assert.Equal(0, mission.GetProperty("fallbacks").GetInt32());
        // The room is driven in: as many goals as drives, and the run ends with the mission.
        Assert.True(json.GetProperty("goalsReached").GetInt32() >= 3);
        Assert.InRange(json.GetProperty("simSeconds").GetDouble(), mission.GetProperty("seconds").GetDouble() - 0.1, mission.GetProperty("seconds").GetDouble() + 0.1);
    }

    [Fact]
    public void Run_SameSeedInOtherSlices_GivesTheSameHash()
    {
        var (whole, first) = Drive(3, 8);
        var (sliced, second) = Drive(3, 0.9, 1.0, 1.07, 4.44, 8);
        var (other, _) = Drive(4, 8);
        Assert.Equal(whole, sliced);
        Assert.NotEqual(whole, other);
        Assert.Equal(JsonOutput.Serialize(first), JsonOutput.Serialize(second));
    }

    [Fact]
    public void Run_PolicyThatWantsForbiddenThings_IsRefusedAndThePlannerDrives()
    {
        var policy = new Forbidding();
        var sink = Watch(out var lines, out var run, new MissionOptions { MaxMissions = 1, Line = new PolicyLine(policy) }, 1, 12);
        Assert.True(policy.Calls > 0);
        Assert.NotEmpty(sink);
        Assert.All(sink, d =>
        {
            Assert.Equal("planner", d.GetProperty("source").GetString());
            Assert.True(d.GetProperty("fallback").GetBoolean());
            Assert.All(d.GetProperty("attempts").EnumerateArray().SkipLast(1), a => Assert.NotEqual("none", a.GetProperty("failure").GetString()));
        });
        // What was driven is what the planner alone drives.
        Watch(out _, out var planner, new MissionOptions { MaxMissions = 1 }, 1, 12).Zip(sink, (a, b) => (a.GetProperty("command").GetString(), b.GetProperty("command").GetString())).ToList().ForEach(p => Assert.Equal(p.Item1, p.Item2));
        Assert.Equal(planner, run);
        Assert.Contains(lines, l => l.StartsWith("Mission mixed-a40-1: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_EveryDecision_CarriesItsProgress()
    {
        foreach (string? agent in (string?[])[ModelFiles.TryFindAgent(MissionOptions.Shipped), null])
        {
            double[] progress = [.. Watch(out _, out _, new MissionOptions { MaxMissions = 1, Agent = agent }, 1, 120).Where(d => d.GetProperty("kind").GetString() == "decision").Select(d => d.GetProperty("progress").GetDouble())];
            // Both carry this mission out; the sum estimates its return of 1 with a root mean squared error of 0.25.
            Assert.True(progress.Length > 8 && progress.Distinct().Count() > 4, string.Join(' ', progress));
            Assert.InRange(progress.Sum(), 0.25, 1.75);
        }
    }

    [Fact]
    public void Run_TimeOver_EndsTheMissionAtRest()
    {
        var options = new MissionOptions();
        using var fleet = Fleet(options, 1, null);
        using var run = new MissionRun(fleet, options, 1);
        for (int t = 1; fleet.Fleet.World.Robots[0].Goal.Id == 0; t++) run.RunUntil(Stamp.FromSeconds(t * 0.5));
        Assert.Empty(run.Rows);
        run.Finish();
        var row = Assert.Single(run.Rows);
        Assert.Equal(MissionOutcome.Cancelled, row.Outcome);
        Assert.Equal(0, fleet.Fleet.World.Robots[0].Goal.Id);
        run.Finish();
        Assert.Single(run.Rows);
    }

    [Fact]
    public void Run_GoalOutOfReach_StopsTheRobotAndEndsInOneFault()
    {
        // No drive takes 10 ms: three in a row are broken off, a second of the agent's pace apart.
        var options = new MissionOptions { MaxMissions = 1, Body = new MissionBodyOptions { DriveSeconds = 0.01, SecondsPerMetre = 0 } };
        using var fleet = Fleet(options, 4, null);
        using var run = new MissionRun(fleet, options, 4);
        run.RunUntil(Stamp.FromSeconds(60));
        Assert.True(run.IsOver);
        var row = Assert.Single(run.Rows);
        Assert.Equal(MissionOutcome.Fault, row.Outcome);
        Assert.Equal(3, row.NotCarriedOut);
        Assert.Contains("was not reached within 0 s, the last of 3 commands in a row", row.Detail, StringComparison.Ordinal);
        Assert.Equal(0, fleet.Fleet.World.Robots[0].Goal.Id);
    }

    [Fact]
    public void Demo_Recorded_HasTheDecisionsAndReplaysExactly()
    {
        string file = _runs.At("mission.mcap");
        var (code, json, error) = RecordedRun.Run("demo", "--missions", "--agent", "planner", "--headless", "--seconds", "8", "--seed", "1", "--record", file);
        Assert.True(code == 0, error);
        var mission = Assert.Single(json.GetProperty("missions").EnumerateArray());
        var decisions = Decisions(file);
        Assert.Equal(mission.GetProperty("decisions").GetInt32(), decisions.Count(d => d.GetProperty("kind").GetString() == "decision"));
        Assert.Equal("cancelled", decisions[^1].GetProperty("outcome").GetString());
        var first = decisions[0];
        Assert.Equal("mixed-a40-1", first.GetProperty("mission").GetString());
        Assert.Contains("then dock and report", first.GetProperty("instruction").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, 40, "approved", "planner"), (first.GetProperty("step").GetInt32(), first.GetProperty("limit").GetInt32(), first.GetProperty("verdict").GetString(), first.GetProperty("source").GetString()));
        (code, json, error) = RecordedRun.Run("replay", file);
        Assert.True(code == 0, error);
        Assert.True(json.GetProperty("equal").GetBoolean());
    }

    [Fact]
    public void Demo_PolicyFile_DecidesWithProbabilitiesAndTheSameTwice()
    {
        string policy = _runs.At("random.mission.json");
        CandidateFile.Write(policy, Untrained(5));
        string[] arguments = ["demo", "--missions", "--agent", policy, "--headless", "--seconds", "10", "--seed", "1"];
        string file = _runs.At("policy.mcap");
        var (code, json, error) = RecordedRun.Run([.. arguments, "--record", file]);
        Assert.True(code == 0, error);
        Assert.Equal(0, json.GetProperty("collisions").GetInt32());
        var decided = Decisions(file).Where(d => d.GetProperty("kind").GetString() == "decision" && d.GetProperty("source").GetString() == "policy").ToList();
        Assert.NotEmpty(decided);
        Assert.All(decided, d =>
        {
            Assert.Equal(Untrained(5).Hash, d.GetProperty("policy").GetString());
            double sum = d.GetProperty("probability").GetDouble() + d.GetProperty("alternatives").EnumerateArray().Sum(a => a.GetProperty("probability").GetDouble());
            // Four shares, each rounded to four digits.
            Assert.InRange(sum, 0.05, 1.0003);
        });
        Assert.Equal(json.GetProperty("stateHash").GetString(), RecordedRun.Run(arguments).Json.GetProperty("stateHash").GetString());
    }

    [Fact]
    public void Missions_OfTwoRobots_AreTasksOfAFleetAndTheSameTwice()
    {
        string[] arguments = ["demo", "--headless", "--missions", "--robots", "2", "--tasks", "2", "--seconds", "60", "--seed", "4", "--agent", "planner", "--json"];
        var first = RecordedRun.Run(arguments).Json;
        Assert.Equal(2, first.GetProperty("fleet").GetProperty("tasks").GetInt32());
        Assert.NotEmpty(first.GetProperty("missions").EnumerateArray());
        Assert.Equal(first.GetProperty("stateHash").GetString(), RecordedRun.Run(arguments).Json.GetProperty("stateHash").GetString());
    }

    [Theory]
    [InlineData("--robots is 5 with --missions; must be", "--missions", "--robots", "5")]
    [InlineData("--scenario is 'crowd' with --missions; leave it out", "--missions", "--scenario", "crowd")]
    [InlineData("--family is given without --missions", "--family", "Mixed")]
    [InlineData("--agent is given without --missions", "--agent", "planner")]
    [InlineData("--family is 'fetch'; must be one of FetchProcessDeliver, InspectReport, Mixed.", "--missions", "--family", "fetch")]
    public void Missions_OptionsThatContradict_AreOneSentence(string text, params string[] arguments)
    {
        foreach (string verb in (string[])["demo", "sim"])
        {
            var (code, _, error) = EdgeProgramTests.Run([verb, .. verb == "demo" ? ["--headless"] : Array.Empty<string>(), .. arguments]);
            Assert.Equal(64, code);
            Assert.Contains(text, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Missions_AgentThatIsNone_SaysSo()
    {
        var (code, _, error) = EdgeProgramTests.Run("sim", "--missions", "--agent", "no-such");
        Assert.Equal(66, code);
        Assert.Contains("There is no model 'no-such'", error, StringComparison.Ordinal);
        (code, _, error) = EdgeProgramTests.Run("sim", "--missions", "--agent", ModelFiles.Find("rover"));
        Assert.Equal(74, code);
        Assert.Contains("rover.policy.json", error, StringComparison.Ordinal);
    }

    private static CandidateWeights Untrained(ulong seed)
    {
        var shape = new MissionWorldMissions(MissionFamily.Mixed, new MissionWorldOptions()).Shape;
        var card = new CandidateCard
        {
            Name = "random", State = shape.State, Event = shape.Event, Candidate = shape.Candidate, VocabularyHash = CandidateWeights.HashOf(shape.Vocabulary), Encoder = 4, Memory = 4, First = 8, Second = 4,
        };
        var random = RandomStream.For(seed, "untrained");
        return new CandidateWeights(card, [.. CandidateWeights.NamesOf(card).Select(n => Enumerable.Range(0, n.Count).Select(_ => (float)random.NextDouble(-0.5, 0.5)).ToArray())]);
    }

    private static (ulong Hash, IReadOnlyList<MissionRow> Rows) Drive(ulong seed, params double[] until)
    {
        var options = new MissionOptions();
        using var fleet = Fleet(options, seed, null);
        using var run = new MissionRun(fleet, options, seed);
        foreach (double t in until) run.RunUntil(Stamp.FromSeconds(t));
        ulong hash = fleet.Fleet.StateHash;
        run.Finish();
        return (hash, run.Rows);
    }

    private List<JsonElement> Watch(out List<string> lines, out ulong hash, MissionOptions options, ulong seed, double seconds)
    {
        string file = _runs.At($"{Directory.GetFiles(Path.GetDirectoryName(_runs.At("x"))!).Length}.mcap");
        using (var fleet = Fleet(options, seed, file))
        {
            using var run = new MissionRun(fleet, options, seed);
            run.RunUntil(Stamp.FromSeconds(seconds));
            hash = fleet.Fleet.StateHash;
            run.Finish();
        }
        lines = [.. Messages(file, "/log").Select(m => System.Text.Encoding.UTF8.GetString(m)).SelectMany(t => t.Split('\n')).Select(t => t[Math.Max(0, t.IndexOf("Mission ", StringComparison.Ordinal))..])];
        return [.. Decisions(file).Where(d => d.GetProperty("kind").GetString() == "decision")];
    }

    private static FleetRun Fleet(MissionOptions options, ulong seed, string? file) =>
        new(new SimulatedFleetOptions { Site = options.Site(seed) }, seed, "test", file, live: null, new Terminal(TextWriter.Null, TextWriter.Null));

    private static List<JsonElement> Decisions(string file) => [.. Messages(file, RecordedTopic.Decisions).Select(m => JsonDocument.Parse(m).RootElement)];

    private static List<byte[]> Messages(string file, string topic)
    {
        using var reader = McapReader.Open(file);
        var list = new List<byte[]>();
        using var messages = reader.ReadMessages([topic]);
        while (messages.MoveNext()) list.Add(messages.Current.Data.ToArray());
        return list;
    }
}
