namespace EdgeAutonomy.Agents;

/// <summary>What came of one command.</summary>
/// <param name="Reward">The environment's own reward; 0 until the end where only the outcome counts.</param>
/// <param name="Grounded">Whether the command could be carried out; one that could not changes nothing but the step count.</param>
/// <param name="Terminated">Whether the mission is over by its own rules, its step limit included.</param>
/// <param name="Truncated">Whether it was stopped from outside.</param>
/// <param name="Succeeded">Whether its goal holds at the end; false before.</param>
public readonly record struct MissionStep(float Reward, bool Grounded, bool Terminated, bool Truncated, bool Succeeded)
{
    /// <summary>Gets whether no further step follows.</summary>
    public bool Done => Terminated || Truncated;
}
