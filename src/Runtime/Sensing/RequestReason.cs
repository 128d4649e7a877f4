namespace EdgeAutonomy.Runtime;

/// <summary>Why a sensing request was made.</summary>
public enum RequestReason : byte
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>A contact is near.</summary>
    Danger = 1,

    /// <summary>The way is clear: sense less.</summary>
    Clear = 2,

    /// <summary>The estimate is uncertain.</summary>
    Uncertain = 3,

    /// <summary>A part of the surroundings was not sensed for too long.</summary>
    Unseen = 4,

    /// <summary>A stream lost trust or the rung fell.</summary>
    Recover = 5,

    /// <summary>To save energy.</summary>
    Energy = 6,
}
