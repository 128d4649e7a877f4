namespace EdgeAutonomy.Agents;

/// <summary>The two sizes of MissionWorld.</summary>
public enum MissionWorldSize
{
    /// <summary>A-40: 8 places, 2 items, 40 steps.</summary>
    Small,

    /// <summary>A-80: 12 places, 3 items, 80 steps.</summary>
    Large,
}

/// <summary>How missions of MissionWorld are made and played.</summary>
/// <param name="Size">How large the site is.</param>
/// <param name="ClosedLockers">Whether items may lie in lockers whose contents are unknown until opened; otherwise everything is seen from the start.</param>
/// <param name="GradedReward">Whether a mission that ends without success is paid 0.8 × the share of its goals reached, nothing once an item was delivered wrongly; otherwise only success pays.</param>
/// <param name="BatteryCapacity">What a full battery holds, in metres of driving; positive and at most 1000.</param>
/// <param name="IsClaimed">
/// Says whether an item, place, door, locker or target (by name) is claimed by another robot: commands about it are refused. Null for one robot.
/// Must answer the same within a step. With several robots the claims are agreed over the fleet link and this is where they take effect.
/// </param>
public sealed record MissionWorldOptions(
    MissionWorldSize Size = MissionWorldSize.Small,
    bool ClosedLockers = false,
    bool GradedReward = false,
    int BatteryCapacity = 90,
    Func<string, bool>? IsClaimed = null)
{
    /// <summary>Gets the steps after which a mission is lost.</summary>
    public int Limit => StepLimit ?? (Size == MissionWorldSize.Small ? 40 : 80);

    /// <summary>Gets the steps after which a mission is lost, where it is not what its size says; at least 1. The generator's missions go by their size.</summary>
    public int? StepLimit { get; init; }
}
