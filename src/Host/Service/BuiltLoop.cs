using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A loop ready to start, with the clock it waits on.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Clock">Its own clock: an interrupt ends one wait, so two loops must not share one.</param>
/// <param name="Lane">Where its cycles go for the recorder and the live view; null when nobody looks.</param>
public sealed record BuiltLoop(IControlLoop Loop, IClock Clock, RecordLane? Lane = null);
