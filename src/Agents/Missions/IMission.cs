namespace EdgeAutonomy.Agents;

/// <summary>One episode of a long task: an instruction, commands to choose from, one outcome at the end.</summary>
/// <remarks>Deterministic: the same start and the same commands give the same observations. Not thread-safe.</remarks>
public interface IMission
{
    /// <summary>Gets which mission this is: the name of a game or layout, for reports.</summary>
    string Name { get; }

    /// <summary>Gets the task in words; all that an agent is told of its goal.</summary>
    string Instruction { get; }

    /// <summary>Gets what the last command brought, or the first sight of the world.</summary>
    string Observation { get; }

    /// <summary>Gets the widths of <see cref="Describe"/>.</summary>
    MissionShape Shape { get; }

    /// <summary>Gets the steps after which it ends as a failure; part of the task.</summary>
    int Limit { get; }

    /// <summary>Gets the steps taken.</summary>
    int Steps { get; }

    /// <summary>Gets a number that changes whenever the world model changes: a decision made for another version is stale.</summary>
    ulong WorldVersion { get; }

    /// <summary>Gets the commands worth considering, by what the agent believes: those that can be carried out and plausible ones that cannot. Sorted by text (ordinal), distinct; valid until the next step.</summary>
    IReadOnlyList<ActionCall> Candidates { get; }

    /// <summary>Fills a view with the present state, the last event and the candidates, in the order of <see cref="Candidates"/>.</summary>
    /// <param name="view">A view of this mission's shape.</param>
    void Describe(MissionView view);

    /// <summary>Returns whether a command can be carried out now. Any text is allowed.</summary>
    /// <param name="command">The command's text.</param>
    bool IsExecutable(string command);

    /// <summary>Says why a command cannot be carried out: the first condition that fails, in words; null when it can.</summary>
    /// <param name="command">The command's text.</param>
    string? Explain(string command);

    /// <summary>Carries out a command, or counts a step that changed nothing.</summary>
    /// <param name="command">The command's text; any text is allowed.</param>
    /// <exception cref="InvalidOperationException">The mission is over.</exception>
    MissionStep Step(string command);

    /// <summary>Returns the candidate that a searching expert would choose, who knows what the agent knows and no more; −1 where it is at a loss.</summary>
    int Expert();
}
