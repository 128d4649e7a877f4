namespace EdgeAutonomy.Agents;

/// <summary>A saved state of one <see cref="PlanningWorld"/>: which facts hold.</summary>
/// <remarks>Immutable. Belongs to the world that saved it.</remarks>
public sealed class PlanningState
{
    internal PlanningState(ulong[] bits, ulong hash) => (Bits, Hash) = (bits, hash);

    /// <summary>Gets the hash of the facts that hold; equal for equal facts of one task, however they came about.</summary>
    public ulong Hash { get; }

    internal ulong[] Bits { get; }
}
