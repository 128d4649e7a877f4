namespace EdgeAutonomy.Agents;

/// <summary>How alive another robot looks from here.</summary>
public enum MemberState
{
    /// <summary>Its beacons come.</summary>
    Alive,

    /// <summary>Its beacons are late: planners keep away further, its tasks stay its own.</summary>
    Suspect,

    /// <summary>Its beacons stopped, or it said that it left.</summary>
    Dead,
}
