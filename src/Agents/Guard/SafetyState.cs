using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>The robot's own state as far as safety needs it; a copy.</summary>
/// <param name="EmergencyStop">Whether the stop is set.</param>
/// <param name="Battery">Charge, 0 … 1.</param>
/// <param name="Position">Where it is.</param>
/// <param name="Speed">The fastest class allowed now.</param>
/// <param name="OpenInterlocks">Interlocks that are not closed.</param>
/// <param name="Age">How old the oldest of these is.</param>
public sealed record SafetyState(bool EmergencyStop, double Battery, MapPoint Position, SpeedClass Speed, ImmutableArray<string> OpenInterlocks, TimeSpan Age);
