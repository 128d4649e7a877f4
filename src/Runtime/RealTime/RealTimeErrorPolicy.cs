namespace EdgeAutonomy.Runtime;

/// <summary>What to do when a real-time setting cannot be made.</summary>
public enum RealTimeErrorPolicy : byte
{
    /// <summary>Report it and run without: keeps unprivileged runs working.</summary>
    Warn = 0,

    /// <summary>Refuse to start.</summary>
    Strict = 1,
}
