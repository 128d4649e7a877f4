using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>How gates are run from the command line.</summary>
/// <param name="Bounds">The bounds.</param>
/// <param name="FamilyMissions">G3: missions per family.</param>
/// <param name="Period">G4 to G6: time from one decision to the next.</param>
/// <param name="Recorded">G1: the recorded missions; null for none.</param>
internal sealed record PolicyGateOptions(GateBounds Bounds, int FamilyMissions, TimeSpan Period, IReadOnlyList<RecordedMission>? Recorded)
{
    /// <summary>The missions per family that G3 has by default.</summary>
    public const int DefaultFamilyMissions = 100;
}
