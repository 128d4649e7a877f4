using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>One sentence for people, as the service logs it.</summary>
/// <param name="Time">Its logical time.</param>
/// <param name="Level">How serious it is.</param>
/// <param name="Source">The loop or part it is about.</param>
/// <param name="Text">The sentence.</param>
public readonly record struct LogLine(Stamp Time, FoxgloveLogLevel Level, string Source, string Text);
