namespace EdgeAutonomy.Recording;

/// <summary>How bad a status is, with the protocol's numbers.</summary>
public enum FoxgloveStatusLevel
{
    /// <summary>Worth knowing.</summary>
    Info = 0,

    /// <summary>Something is lost or degraded.</summary>
    Warning = 1,

    /// <summary>Something was refused or failed.</summary>
    Error = 2,
}
