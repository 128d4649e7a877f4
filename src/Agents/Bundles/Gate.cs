namespace EdgeAutonomy.Agents;

/// <summary>The tests that a policy must pass on its way up, in order.</summary>
public enum Gate
{
    /// <summary>G0: the bundle is whole, signed and fits.</summary>
    Integrity,

    /// <summary>G1: recorded missions, decided again.</summary>
    Replay,

    /// <summary>G2: simulated missions, the same seeds for it and the incumbent.</summary>
    Simulation,

    /// <summary>G3: golden missions of every family.</summary>
    Forgetting,

    /// <summary>G4: beside the incumbent on live inputs, without acting.</summary>
    Shadow,

    /// <summary>G5: one robot, low risk, limited speed.</summary>
    Canary,

    /// <summary>G6: a stage of the fleet.</summary>
    Fleet,
}
