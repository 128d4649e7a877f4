namespace EdgeAutonomy.Agents;

/// <summary>How far a policy may be used.</summary>
public enum RolloutStage
{
    /// <summary>Stored, used nowhere.</summary>
    Installed,

    /// <summary>Decides beside the incumbent, acts nowhere.</summary>
    Shadow,

    /// <summary>Acts on one robot.</summary>
    Canary,

    /// <summary>Acts on a tenth of the fleet.</summary>
    Tenth,

    /// <summary>Acts on half of the fleet.</summary>
    Half,

    /// <summary>Acts everywhere.</summary>
    All,
}
