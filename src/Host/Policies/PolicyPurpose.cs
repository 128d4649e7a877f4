namespace EdgeAutonomy.Host;

/// <summary>What held-out missions are used for; each purpose has its own. The first ones are left to the reports of training.</summary>
internal enum PolicyPurpose
{
    /// <summary>The report in a bundle.</summary>
    Report = 1,

    /// <summary>G2.</summary>
    Simulation,

    /// <summary>G3.</summary>
    Forgetting,

    /// <summary>A rehearsal of G4.</summary>
    Shadow,

    /// <summary>A rehearsal of G5 and G6.</summary>
    Canary,
}
