namespace EdgeAutonomy.Host;

/// <summary>A robot that listens to a cell.</summary>
/// <param name="Robot">Which.</param>
/// <param name="Since">Since when, ns.</param>
internal readonly record struct FleetListener(int Robot, long Since);
