namespace EdgeAutonomy.Agents.Tests;

internal static class Contexts
{
    public static AgentContext Of(IMission mission)
    {
        var view = new MissionView(mission.Shape);
        mission.Describe(view);
        return new AgentContext(mission.Name, mission.Instruction, mission.Observation, [], [.. mission.Candidates.Where(c => mission.IsExecutable(c.Text))], view, mission.WorldVersion, mission.Steps, mission.Limit);
    }
}
