using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public class DecisionJsonTests
{
    [Fact]
    public void Decision_WithAlternatives_HasEveryKeyOfTheDocumentation()
    {
        var mission = new MissionBench().Mission;
        var call = mission.Candidates[0];
        var record = Record(call, -0.5f, [(mission.Candidates[1], 0.25f), (mission.Candidates[2], float.NaN)]) with { Progress = 0.125f, FallbackUsed = true };
        var json = JsonDocument.Parse(DecisionJson.Decision(Stamp.FromSeconds(1.5), "rover1", mission, record)).RootElement;
        string[] keys = ["kind", "time", "robot", "mission", "instruction", "step", "limit", "command", "probability", "alternatives", "progress", "source", "policy", "fallback", "verdict", "attempts", "latencyMs", "candidateHash", "stateHash"];
        Assert.Equal(keys, json.EnumerateObject().Select(p => p.Name));
        // e^-0.5, to four digits.
        Assert.Equal(0.6065, json.GetProperty("probability").GetDouble());
        Assert.Equal(0.125, json.GetProperty("progress").GetDouble());
        Assert.Equal(1.5, json.GetProperty("time").GetDouble());
        Assert.Equal("approved after 1 refusal", json.GetProperty("verdict").GetString());
        Assert.Equal(0.25, json.GetProperty("alternatives")[0].GetProperty("probability").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("alternatives")[1].GetProperty("probability").ValueKind);
        Assert.Equal("drive to the moon", json.GetProperty("attempts")[0].GetProperty("proposal").GetString());
    }

    [Fact]
    public void Decision_SafeStop_SaysWhyNothingIsDone()
    {
        var mission = new MissionBench().Mission;
        var record = Record(null, null, []);
        var json = JsonDocument.Parse(DecisionJson.Decision(Stamp.Zero, "rover1", mission, record)).RootElement;
        Assert.Equal(JsonValueKind.Null, json.GetProperty("command").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("probability").ValueKind);
        Assert.StartsWith("refused: ", json.GetProperty("verdict").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void State_WithAnAgent_CarriesItsObjectAndWithoutOneHasNoKey()
    {
        var view = new ScriptedFeed().View(1);
        var health = new HealthReport(true, [], []);
        Assert.False(JsonDocument.Parse(LiveJson.State(1, view, health, -1)).RootElement.TryGetProperty("agent", out _));
        var mission = new MissionBench().Mission;
        var with = view with { Agent = DecisionJson.End(Stamp.Zero, "r1", mission, new MissionRow(mission.Name, MissionOutcome.Fault, 3, 12.25, 4, 1, 2, "Stuck \"here\".")) };
        foreach (byte[] text in (byte[][])[LiveJson.State(1, with, health, 0), LiveJson.Cycle("robot", with, health)])
        {
            var agent = JsonDocument.Parse(text).RootElement.GetProperty("agent");
            Assert.Equal(("end", "fault", "Stuck \"here\".", 12.25), (agent.GetProperty("kind").GetString(), agent.GetProperty("outcome").GetString(), agent.GetProperty("detail").GetString(), agent.GetProperty("seconds").GetDouble()));
        }
    }

    private static DecisionRecord Record(ActionCall? call, float? log, IReadOnlyList<(ActionCall, float)> alternatives)
    {
        var refused = new DecisionAttempt(DecisionSource.Policy, "p", AttemptFailure.Refused, GuardStage.Parse, GuardReason.UnknownCommand, "no such command", new ActionCall("drive to", ["the moon"], "drive to the moon"), TimeSpan.Zero, null);
        return new DecisionRecord(
            "m", 2, 1, 2, 3, call, call is null ? DecisionSource.SafeStop : DecisionSource.Policy, "p", log, alternatives, null, TimeSpan.Zero, TimeSpan.FromSeconds(1),
            call is null ? [refused] : [refused, refused with { Failure = AttemptFailure.None }]);
    }
}
