using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>The first thing that differs between two runs.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Cycle">The cycle.</param>
/// <param name="Seconds">Its logical time.</param>
/// <param name="Stage">The stage, or "loop".</param>
/// <param name="Field">What differs.</param>
/// <param name="A">Its value in the first run, or as recorded.</param>
/// <param name="B">Its value in the second run, or as replayed.</param>
public sealed record DifferenceRow(string Loop, ulong Cycle, double Seconds, string Stage, string Field, string A, string B)
{
    /// <summary>Makes the row; null when nothing differs.</summary>
    public static DifferenceRow? Of(CycleDifference? difference) =>
        difference is null ? null : new DifferenceRow(difference.Loop, difference.CycleId, difference.Tag.Seconds, difference.Stage, difference.Field, difference.A, difference.B);
}
