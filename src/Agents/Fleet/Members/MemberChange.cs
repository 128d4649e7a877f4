namespace EdgeAutonomy.Agents;

/// <summary>What happened to a member.</summary>
public enum MemberChange
{
    /// <summary>It was met for the first time.</summary>
    Met,

    /// <summary>Its state is another one.</summary>
    State,

    /// <summary>It started again: everything that its earlier incarnation held is void.</summary>
    Reborn,

    /// <summary>Nobody has heard of it for so long that its tasks are free.</summary>
    Lost,
}
