using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>What a command asks of the robot, so that it can be held against what is allowed.</summary>
/// <param name="Speed">How fast the robot will move.</param>
/// <param name="Battery">Share of the battery that it will use, 0 … 1, the way to the next charger from its end included.</param>
/// <param name="Path">Corners of the way, the robot's present place not included; empty when it stays.</param>
/// <param name="EndsAtCharger">Whether it ends at a charger: then the reserve may be used on the way.</param>
/// <param name="Claims">Things and places that it needs for itself.</param>
/// <param name="Interlocks">Interlocks that must be closed.</param>
public sealed record CallDemand(SpeedClass Speed, double Battery, ImmutableArray<MapPoint> Path, bool EndsAtCharger, ImmutableArray<string> Claims, ImmutableArray<string> Interlocks);
