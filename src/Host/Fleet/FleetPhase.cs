namespace EdgeAutonomy.Host;

/// <summary>What a robot of a fleet is doing.</summary>
internal enum FleetPhase
{
    /// <summary>It has no task.</summary>
    Idle,

    /// <summary>It is on its way to the place of its task.</summary>
    Driving,

    /// <summary>It is there, and may not begin yet: the claim is young, or the lease is not granted.</summary>
    Waiting,

    /// <summary>It works.</summary>
    Working,

    /// <summary>It asks to do what cannot be undone.</summary>
    Committing,

    /// <summary>It has done it, and reports.</summary>
    Finishing,
}
