namespace EdgeAutonomy.Agents;

/// <summary>How fast a robot may move while it carries out a command, in the order of danger.</summary>
public enum SpeedClass
{
    /// <summary>It does not move from its place.</summary>
    Still,

    /// <summary>At a person's walking pace or slower, near people.</summary>
    Slow,

    /// <summary>As fast as it drives by itself on a free way.</summary>
    Normal,

    /// <summary>Faster, only where nobody walks.</summary>
    Fast,
}
