namespace EdgeAutonomy.Agents;

/// <summary>Why a task that is to be done has no robot, as far as this robot knows.</summary>
public enum Unassigned
{
    /// <summary>It has one, or it is finished.</summary>
    No,

    /// <summary>Not known here.</summary>
    Unknown,

    /// <summary>Its board holds it.</summary>
    Held,

    /// <summary>All robots have as many tasks as they plan ahead.</summary>
    BundlesFull,

    /// <summary>This robot cannot do it or not get there; no other one took it so far.</summary>
    OutOfReach,

    /// <summary>This robot gave it up a while ago.</summary>
    GivenUp,

    /// <summary>It was about to be done by a robot that vanished; its board will decide.</summary>
    CommittedElsewhere,

    /// <summary>Bids are under way.</summary>
    Settling,
}
