namespace EdgeAutonomy.Learning;

/// <summary>An environment that says which of its discrete actions, or of the rungs of a <see cref="HeldSpace"/>, are allowed now: a deadline that rules out long holds, say.</summary>
/// <remarks>
/// The mask is hard: learners neither take a forbidden action nor let one into the value of the next state. It belongs to the present state, so it is asked for after
/// <see cref="IEnvironment.Reset"/> and after each step; after the last step of an episode it is that of the final state. It follows from the frozen state.
/// </remarks>
public interface IMaskedEnvironment : IEnvironment
{
    /// <summary>Gets whether anything is ever forbidden; false for one that wraps an environment without masks. It never changes.</summary>
    bool IsMasked => true;

    /// <summary>Writes which actions are allowed in the present state. Allocation-free.</summary>
    /// <param name="allowed">Takes one flag per action, or per rung of a <see cref="HeldSpace"/>; at least one must be set, of the safe action where nothing else is left.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void Allowed(Span<bool> allowed);
}
