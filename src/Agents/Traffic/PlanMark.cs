namespace EdgeAutonomy.Agents;

/// <summary>The newest plan that was heard of a robot.</summary>
/// <param name="Robot">The robot.</param>
/// <param name="Incarnation">Incarnation of the plan.</param>
/// <param name="Sequence">Its number.</param>
public readonly record struct PlanMark(string Robot, uint Incarnation, ulong Sequence)
{
    /// <summary>Returns whether this is a message or a later one of the same incarnation.</summary>
    public bool Covers(uint incarnation, ulong sequence) => Incarnation == incarnation && Sequence >= sequence;
}
