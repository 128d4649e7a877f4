namespace EdgeAutonomy.Agents;

/// <summary>A mission whose planner is silent, so that what succeeds is the policy's own doing.</summary>
/// <remarks>Otherwise the planner behind every line would carry a policy that proposes nonsense to its goal, and a gate would measure the planner.</remarks>
internal sealed class UnaidedMission(IMission inner) : IMission, IStateHashed
{
    public string Name => inner.Name;

    public string Instruction => inner.Instruction;

    public string Observation => inner.Observation;

    public MissionShape Shape => inner.Shape;

    public int Limit => inner.Limit;

    public int Steps => inner.Steps;

    public ulong WorldVersion => inner.WorldVersion;

    public ulong StateHash => MissionFingerprint.Of(inner);

    public IReadOnlyList<ActionCall> Candidates => inner.Candidates;

    public void Describe(MissionView view) => inner.Describe(view);

    public bool IsExecutable(string command) => inner.IsExecutable(command);

    public string? Explain(string command) => inner.Explain(command);

    public MissionStep Step(string command) => inner.Step(command);

    public int Expert() => -1;
}
