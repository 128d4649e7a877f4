namespace EdgeAutonomy.Agents;

/// <summary>What an agent decides on. A copy of the world model's belief: it stays as it is while a slow policy thinks.</summary>
/// <param name="Mission">Which mission, for the record.</param>
/// <param name="Instruction">The task in words.</param>
/// <param name="Observation">What the last command brought.</param>
/// <param name="History">Commands so far with what they brought, oldest first; at most as many as the runtime keeps.</param>
/// <param name="Candidates">Commands that can be carried out, by the world model.</param>
/// <param name="View">The same in numbers, all candidates of the mission included.</param>
/// <param name="WorldVersion">The version of the world model this was taken from.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="Limit">Steps after which the mission fails.</param>
public sealed record AgentContext(
    string Mission,
    string Instruction,
    string Observation,
    IReadOnlyList<(ActionCall Call, string Outcome)> History,
    IReadOnlyList<ActionCall> Candidates,
    MissionView View,
    ulong WorldVersion,
    int Step,
    int Limit);
