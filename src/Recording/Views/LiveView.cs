using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Everything that a live page shows at one instant.</summary>
/// <param name="Time">The logical time of the newest cycle of any loop.</param>
/// <param name="Loops">One view per loop, in a fixed order.</param>
/// <param name="Map">The surroundings.</param>
public sealed record LiveView(Stamp Time, IReadOnlyList<LoopView> Loops, MapView Map)
{
    /// <summary>Gets the newest object of the mission agent, as JSON in UTF-8; empty where no agent runs.</summary>
    public ReadOnlyMemory<byte> Agent { get; init; }

    /// <summary>Gets how the fleet stands, as JSON in UTF-8; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Fleet { get; init; }
}
