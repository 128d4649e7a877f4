namespace EdgeAutonomy.Agents;

/// <summary>The robot that chooses its velocity.</summary>
/// <param name="Key">The hash of its id (<see cref="RandomStream.Fnv1a"/>).</param>
/// <param name="Position">Where it is, metres.</param>
/// <param name="Velocity">Its velocity now, m/s in the map frame.</param>
/// <param name="Heading">Its heading in radians; only read with wheels.</param>
/// <param name="Radius">Its radius with its load, metres.</param>
/// <param name="Preferred">The velocity it would take alone, m/s.</param>
public readonly record struct OrcaSelf(ulong Key, Vector2D Position, Vector2D Velocity, double Heading, double Radius, Vector2D Preferred);
