namespace EdgeAutonomy.Agents;

/// <summary>How two plans meet.</summary>
[Flags]
public enum ConflictKinds
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Both stand, or one stands where the other comes by.</summary>
    Vertex = 1,

    /// <summary>They drive the same edge in opposite directions.</summary>
    Swap = 2,

    /// <summary>Both drive, too close behind each other or across.</summary>
    Following = 4,

    /// <summary>Any.</summary>
    All = Vertex | Swap | Following,
}

/// <summary>Where and when two plans meet.</summary>
/// <param name="Kind">How.</param>
/// <param name="Time">Since when both do what conflicts, from the start of the window.</param>
/// <param name="FromA">Node that the first robot leaves, or stands at.</param>
/// <param name="ToA">Node that it drives to, or stands at.</param>
/// <param name="FromB">The same for the second robot.</param>
/// <param name="ToB">The same for the second robot.</param>
public readonly record struct PathConflict(ConflictKinds Kind, Duration Time, int FromA, int ToA, int FromB, int ToB);
