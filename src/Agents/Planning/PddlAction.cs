namespace EdgeAutonomy.Agents;

/// <summary>An action schema: parameters, when it can be done, what it changes.</summary>
internal sealed class PddlAction
{
    public required string Name { get; init; }

    public required PddlVariable[] Parameters { get; init; }

    public required PddlCondition Precondition { get; init; }

    public required PddlEffect[] Effects { get; init; }

    public required PddlCost[] Costs { get; init; }

    /// <summary>Gets the type of each slot, quantified variables included.</summary>
    public required int[] SlotTypes { get; init; }

    /// <summary>Gets sets of literals of which at least one set must hold as a whole, quantified variables included: what an action waits for.</summary>
    public required List<PddlCondition>[] Alternatives { get; init; }
}
