using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>One sentence for people, as the service logs it.</summary>
/// <param name="Time">Its logical time.</param>
/// <param name="Level">How serious it is.</param>
/// <param name="Source">The loop or part it is about.</param>
/// <param name="Text">The sentence.</param>
public readonly record struct LogLine(Stamp Time, LogLineLevel Level, string Source, string Text);

/// <summary>How serious a sentence is; the numbers are those of foxglove.Log.</summary>
public enum LogLineLevel : byte
{
    /// <summary>For developers.</summary>
    Debug = 1,

    /// <summary>Something happened.</summary>
    Info = 2,

    /// <summary>Something is worse than it should be.</summary>
    Warning = 3,

    /// <summary>Something failed.</summary>
    Error = 4,

    /// <summary>The robot had to stop.</summary>
    Fatal = 5,
}
