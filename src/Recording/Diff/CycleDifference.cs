using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>The first thing in which two records of the same cycle differ.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="CycleId">The cycle.</param>
/// <param name="Tag">Its logical time in the first recording.</param>
/// <param name="Stage">The stage, or "loop" for what belongs to none.</param>
/// <param name="Field">What differs.</param>
/// <param name="A">Its value in the first recording.</param>
/// <param name="B">Its value in the second.</param>
public sealed record CycleDifference(string Loop, ulong CycleId, Stamp Tag, string Stage, string Field, string A, string B)
{
    /// <inheritdoc/>
    public override string ToString() => $"Loop '{Loop}' cycle {CycleId} at {Tag}, stage '{Stage}': {Field} is {A} in the first, {B} in the second.";
}
