namespace EdgeAutonomy.Runtime;

/// <summary>Where a replay gets a stage's output from.</summary>
public enum StageReplay : byte
{
    /// <summary>The stage runs again: same input and state, same output, bit for bit, on every machine.</summary>
    Exact = 0,

    /// <summary>From the recording: the stage depends on an engine, a device or a network that is not the same everywhere.</summary>
    FromLog = 1,
}
