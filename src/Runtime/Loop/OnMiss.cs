namespace EdgeAutonomy.Runtime;

/// <summary>What the loop does when a stage takes longer than its budget.</summary>
public enum OnMiss : byte
{
    /// <summary>Count and report it.</summary>
    Warn = 0,

    /// <summary>Leave the stage out in the next cycle, so that the loop wins the time back; its last output stands.</summary>
    Skip = 1,

    /// <summary>Send the safe action for as long as the stage misses; normal again with the first budget met.</summary>
    Safe = 2,

    /// <summary>Stop safely and latch.</summary>
    Stop = 3,
}
