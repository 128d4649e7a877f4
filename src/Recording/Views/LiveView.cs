using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Everything that a live page shows at one instant.</summary>
/// <param name="Time">The logical time of the newest cycle of any loop.</param>
/// <param name="Loops">One view per loop, in a fixed order.</param>
/// <param name="Map">The surroundings.</param>
public sealed record LiveView(Stamp Time, IReadOnlyList<LoopView> Loops, MapView Map);
