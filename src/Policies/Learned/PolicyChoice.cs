namespace EdgeAutonomy.Policies;

/// <summary>What a learned policy chose.</summary>
/// <param name="Action">Index into <see cref="PolicySchema.Actions"/>.</param>
/// <param name="Period">Index into <see cref="PolicySchema.PeriodsUs"/>.</param>
/// <param name="Value">The network's value of the choice; NaN where the deadline left none.</param>
/// <param name="Masked">How many of the network's values the deadlines took away.</param>
public readonly record struct PolicyChoice(int Action, int Period, float Value, int Masked)
{
    /// <summary>Gets whether the deadline left no period at all: the choice is then the safe action and the shortest period.</summary>
    public bool IsForced => float.IsNaN(Value);
}
