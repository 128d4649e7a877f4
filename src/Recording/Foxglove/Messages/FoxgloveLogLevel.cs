namespace EdgeAutonomy.Recording;

/// <summary>How much a log line matters, with Foxglove's numbers.</summary>
public enum FoxgloveLogLevel
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>For whoever looks for a bug.</summary>
    Debug = 1,

    /// <summary>Worth knowing.</summary>
    Info = 2,

    /// <summary>Something degraded.</summary>
    Warning = 3,

    /// <summary>Something failed.</summary>
    Error = 4,

    /// <summary>The program ends.</summary>
    Fatal = 5,
}
