namespace EdgeAutonomy.Runtime;

/// <summary>Who made a sensing request, from the weakest to the strongest voice.</summary>
public enum RequestOrigin : byte
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>The mission agent.</summary>
    Agent = 1,

    /// <summary>The loop's policy.</summary>
    Policy = 2,

    /// <summary>A person.</summary>
    Operator = 3,

    /// <summary>A health monitor.</summary>
    Monitor = 4,
}
