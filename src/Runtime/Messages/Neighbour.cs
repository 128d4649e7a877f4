namespace EdgeAutonomy.Runtime.Messages;

/// <summary>Another robot of the fleet, as it told of itself.</summary>
/// <param name="Key">The hash of its id (<see cref="RandomStream.Fnv1a(string)"/>).</param>
/// <param name="Time">When that was so at the latest, in the time of the loop that reads it.</param>
/// <param name="X">Metres east, on the map.</param>
/// <param name="Y">Metres north, on the map.</param>
/// <param name="VelocityX">Metres per second east.</param>
/// <param name="VelocityY">Metres per second north.</param>
/// <param name="Radius">Radius of the disc that holds it and its load, metres.</param>
/// <param name="Cooperates">Whether it takes its half of every avoidance.</param>
public readonly record struct Neighbour(ulong Key, Stamp Time, double X, double Y, float VelocityX, float VelocityY, float Radius, bool Cooperates)
{
    /// <summary>Gets whether every number is one, and the radius is not negative.</summary>
    public bool IsValid => double.IsFinite(X) && double.IsFinite(Y) && float.IsFinite(VelocityX) && float.IsFinite(VelocityY) && float.IsFinite(Radius) && Radius >= 0;
}
