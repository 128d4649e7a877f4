namespace EdgeAutonomy.Runtime;

/// <summary>What a stage made of one call.</summary>
public enum StageOutcome : byte
{
    /// <summary>The output is complete.</summary>
    Ok = 0,

    /// <summary>There was nothing to do; the output is untouched.</summary>
    NoOutput = 1,

    /// <summary>The output is usable but of lower quality than usual.</summary>
    Degraded = 2,

    /// <summary>The output must not be read.</summary>
    Failed = 3,

    /// <summary>The runtime left the stage out on purpose (on-miss skip, or the rung forbids it); the output is the previous one.</summary>
    Skipped = 4,
}
