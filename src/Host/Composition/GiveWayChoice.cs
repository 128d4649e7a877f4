namespace EdgeAutonomy.Host;

/// <summary>When a robot bends its motion by what the robots of its fleet tell of themselves.</summary>
public enum GiveWayChoice
{
    /// <summary>Where it has no range scanner and would see them late; with one it keeps clear of them by itself, and faster (docs/fleet.md has the figures).</summary>
    Blind,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
