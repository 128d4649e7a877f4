using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A mission, its room, a scripted robot in it, and simulated time that a test moves.</summary>
internal sealed class MissionBench
{
    private readonly SimClock _clock = new();
    private readonly GuardChain _guard;

    public MissionBench(ulong seed = 1, MissionFamily family = MissionFamily.Mixed)
    {
        var options = new MissionWorldOptions();
        var layout = MissionGenerator.Generate(seed, family, options);
        (Mission, Site, Time) = (new MissionWorldMission(layout, options), new MissionSite(layout, seed), new ClockTimeProvider(_clock, DateTimeOffset.UnixEpoch));
        Robot.Position = Site.PointOf(Mission.Situation.Place);
        _guard = new GuardChain(new NoHazard(), Time);
        Body = new RobotMissionBody(Robot, Mission, Site, Time, say: Said.Add);
    }

    public MissionWorldMission Mission { get; }

    public MissionSite Site { get; }

    public ClockTimeProvider Time { get; }

    public ScriptedRobot Robot { get; } = new();

    public RobotMissionBody Body { get; }

    public List<string> Said { get; } = [];

    /// <summary>Returns the first command of a kind that can be carried out; follows the planner until there is one.</summary>
    public ActionCall Next(bool drive)
    {
        while (true)
        {
            var call = Mission.Candidates[Mission.Expert()];
            if (call.Verb.StartsWith("drive", StringComparison.Ordinal) == drive) return call;
            Mission.Step(call.Text);
            Robot.Position = Site.PointOf(Mission.Situation.Place);
        }
    }

    public ApprovedCall Approve(ActionCall call)
    {
        var view = new MissionView(Mission.Shape);
        Mission.Describe(view);
        var asked = new AgentContext(Mission.Name, Mission.Instruction, Mission.Observation, [], Mission.Candidates, view, Mission.WorldVersion, Mission.Steps, Mission.Limit);
        var verdict = _guard.Check(call, asked, Mission);
        Assert.True(verdict.IsApproved, verdict.Feedback);
        return verdict.Approved!;
    }

    public void Pass(double seconds)
    {
        _clock.AdvanceTo(_clock.Now + Duration.FromSeconds(seconds));
        Body.Advance();
    }
}
