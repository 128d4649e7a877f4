using System.Security.Cryptography;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host.Tests;

/// <summary>The agent above a loop: a thread of the test is the loop and moves the world much faster than real time.</summary>
public sealed class AgentServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Service_OneMission_IsDrivenToItsEndByThePolicy()
    {
        var run = await Drive("""{ "Loop": "avoid", "Missions": 1, "PeriodMs": 10, "DeadlineMs": 60000 }""");
        var row = Assert.Single(run.Rows);
        Assert.Equal(MissionOutcome.Succeeded, row.Outcome);
        Assert.Equal((0, 0), (row.Fallbacks, row.NotCarriedOut));
        Assert.Equal(row.Steps, row.Decisions);
        var decisions = run.Decisions.Where(d => d.GetProperty("kind").GetString() == "decision").ToArray();
        Assert.Equal(row.Steps, decisions.Length);
        Assert.All(decisions, d => Assert.Equal("policy", d.GetProperty("source").GetString()));
        Assert.Equal("end", run.Decisions[^1].GetProperty("kind").GetString());
        Assert.Contains($"edge_agent_decisions_total{{source=\"Policy\"}} {row.Steps}\n", run.Metrics, StringComparison.Ordinal);
        Assert.Contains("edge_agent_mission_total{outcome=\"Succeeded\"} 1\n", run.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_Planner_DecidesWithoutAPolicy()
    {
        var run = await Drive("""{ "Loop": "avoid", "Missions": 1, "PeriodMs": 10, "DeadlineMs": 60000, "Policy": "planner" }""");
        Assert.Equal(MissionOutcome.Succeeded, Assert.Single(run.Rows).Outcome);
        Assert.Contains("edge_agent_decisions_total{source=\"Planner\"}", run.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_LanguageModelThatIsNotThere_ThePolicyBehindItDrives()
    {
        // Port 9 of this machine: nobody listens there.
        var run = await Drive("""{ "Loop": "avoid", "Missions": 1, "PeriodMs": 10, "DeadlineMs": 60000, "LanguageModel": { "Endpoint": "http://127.0.0.1:9/v1/" } }""");
        var row = Assert.Single(run.Rows);
        Assert.Equal(MissionOutcome.Succeeded, row.Outcome);
        Assert.Equal(row.Decisions, row.Fallbacks);
    }

    [Fact]
    public async Task Service_StoreWithoutAPolicy_ThePlannerDrivesAndSaysSo()
    {
        var run = await Drive($$"""{ "Loop": "avoid", "Missions": 1, "PeriodMs": 10, "DeadlineMs": 60000, "Store": "policies", "Keys": "{{Keys()}}" }""");
        Assert.Equal(MissionOutcome.Succeeded, Assert.Single(run.Rows).Outcome);
        Assert.Contains(run.Lines, l => l.Text == "Policy store: the planner decides.");
    }

    [Fact]
    public async Task Service_StoppedOnTheWay_TheRobotHasNoGoal()
    {
        var run = await Drive("""{ "Loop": "avoid", "PeriodMs": 10, "DeadlineMs": 60000 }""", stopWhen: robot => robot.HasGoal);
        var row = Assert.Single(run.Rows);
        Assert.Equal(MissionOutcome.Cancelled, row.Outcome);
        Assert.False(run.HasGoal);
    }

    [Fact]
    public async Task Service_LoopThatHangs_TheMissionStopsAndTheRobotHasNoGoal()
    {
        var run = await Drive("""{ "Loop": "avoid", "Missions": 1, "PeriodMs": 10, "DeadlineMs": 60000 }""", hangs: true);
        Assert.Equal(MissionOutcome.Fault, Assert.Single(run.Rows).Outcome);
        Assert.False(run.HasGoal);
    }

    private string Keys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string path = Path.Combine(_folder, "trusted.pub");
        File.WriteAllText(path, key.ExportSubjectPublicKeyInfoPem());
        return path;
    }

    private async Task<AgentRun> Drive(string section, Func<PostedMissionRobot, bool>? stopWhen = null, bool hangs = false)
    {
        var configuration = ValidConfiguration.Parse(ValidConfiguration.Set(("Agent", section), ("Robot:Seed", "5"), ("Loops:avoid:Act", """{ "Type": "SimulatedRover" }"""), ("Loops:avoid:Perceive:Perception", "\"Dotie\"")));
        Assert.Empty(configuration.Findings);
        return await AgentRun.Of(configuration.Options, _folder, stopWhen, hangs);
    }
}
