using System.Text.Json;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Integration;

/// <summary>The service with a mission agent, as a user starts it: real time, real threads, a recording that replays without the agent.</summary>
public sealed class AgentProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_WithAgent_DecidesDrivesRecordsAndReplaysEqual()
    {
        string configuration = Path.Combine(_folder, "robot.json"), file = Path.Combine(_folder, "agent.mcap");
        // Without a live port, which another test may have; the agent is as deployed.
        var json = System.Text.Json.Nodes.JsonNode.Parse(
            File.ReadAllText(Path.Combine(EdgeAutonomy.Tests.SharedData.RepositoryRoot, "deploy", "missions.json")), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        json.AsObject().Remove("Live");
        File.WriteAllText(configuration, json.ToJsonString());
        using (var process = new EdgeProcess("run", "--config", configuration, "--seconds", "12", "--record", file, "--json"))
        {
            int code = process.WaitForExit();
            var result = JsonDocument.Parse(process.RestOfOutput()).RootElement;
            Assert.True(code == 0, process.Errors);
            var mission = Assert.Single(result.GetProperty("missions").EnumerateArray());
            Assert.Equal("cancelled", mission.GetProperty("outcome").GetString());
            Assert.True(mission.GetProperty("decisions").GetInt32() >= 1, process.Errors);
        }
        var goals = new List<string>();
        using (var reader = McapReader.Open(file))
        {
            using var messages = reader.ReadMessages([RecordedTopic.Decisions]);
            while (messages.MoveNext()) goals.Add(System.Text.Encoding.UTF8.GetString(messages.Current.Data.Span));
        }
        Assert.Contains(goals, g => g.Contains("\"kind\":\"decision\"", StringComparison.Ordinal) && g.Contains("\"source\":\"policy\"", StringComparison.Ordinal));
        Assert.Contains("\"kind\":\"end\"", goals[^1], StringComparison.Ordinal);
        using var replay = new EdgeProcess("replay", file, "--json");
        int replayed = replay.WaitForExit();
        string output = replay.RestOfOutput();
        Assert.True(replayed == 0, output + replay.Errors);
        Assert.Contains("\"equal\":true", output, StringComparison.Ordinal);
    }
}
