namespace EdgeAutonomy.Learning;

/// <summary>Three point masses in a plane at one instant, in n-body units (G = 1).</summary>
/// <remarks>
/// A plain value: copying it is saving it. Field suffixes 0, 1, 2 name the body. The units of length, mass and time are the caller's as long as G = 1 in them;
/// <see cref="ThreeBodySystem"/> has those of the published experiment. <c>default</c> is not a usable state (all bodies coincide).
/// </remarks>
public struct ThreeBodyState
{
    /// <summary>The masses, each finite and at least 0.</summary>
    public double M0, M1, M2;

    /// <summary>The positions along x.</summary>
    public double X0, X1, X2;

    /// <summary>The positions along y.</summary>
    public double Y0, Y1, Y2;

    /// <summary>The velocities along x.</summary>
    public double U0, U1, U2;

    /// <summary>The velocities along y.</summary>
    public double V0, V1, V2;

    /// <summary>The instant.</summary>
    public double Time;

    /// <summary>Gets whether every field is finite.</summary>
    public readonly bool IsFinite
    {
        get
        {
            // 0·x is 0 for a finite x and NaN otherwise, and a sum keeps the NaN: one comparison instead of sixteen.
            double sum = (0 * M0) + (0 * M1) + (0 * M2) + (0 * Time);
            sum += (0 * X0) + (0 * X1) + (0 * X2) + (0 * Y0) + (0 * Y1) + (0 * Y2);
            sum += (0 * U0) + (0 * U1) + (0 * U2) + (0 * V0) + (0 * V1) + (0 * V2);
            return sum == 0;
        }
    }

    /// <summary>Turns every velocity round, so that a time-reversible integrator runs back along its way.</summary>
    public void Reverse()
    {
        (U0, U1, U2) = (-U0, -U1, -U2);
        (V0, V1, V2) = (-V0, -V1, -V2);
    }

    /// <summary>Throws unless the state can be integrated.</summary>
    /// <param name="name">The argument's name in the message.</param>
    /// <exception cref="ArgumentException">A field is not finite, a mass is negative, or two bodies are at one place.</exception>
    public readonly void Validate(string name)
    {
        if (!IsFinite) throw new ArgumentException("A three-body state has a field that is NaN or infinite; every mass, position, velocity and the time must be finite.", name);
        if (M0 < 0 || M1 < 0 || M2 < 0) throw new ArgumentException($"Three-body masses are {M0}, {M1}, {M2}; none may be negative.", name);
        if ((X0 == X1 && Y0 == Y1) || (X0 == X2 && Y0 == Y2) || (X1 == X2 && Y1 == Y2))
            throw new ArgumentException("Two of three bodies are at one place, where their attraction is infinite; separate them.", name);
    }
}
