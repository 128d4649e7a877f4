namespace EdgeAutonomy.Learning;

/// <summary>Makes the initial conditions of the published three-body experiment and measures three-body states.</summary>
/// <remarks>
/// Source: arXiv 2502.12809 and its code (veronicasaz/ThreeBodyProblem_astronomy, <c>env/ThreeBP_env.py</c>). Three suns in a plane, in n-body units: G = 1, mass
/// 3 suns, length 1 au. Pure functions; safe from any thread.
/// </remarks>
public static class ThreeBodySystem
{
    /// <summary>The unit of length in metres: one astronomical unit (IAU 2012).</summary>
    public const double LengthMetres = 1.495978707e11;

    /// <summary>The unit of mass in kilograms: three suns of 1.98892e30 kg.</summary>
    public const double MassKilograms = 3 * 1.98892e30;

    /// <summary>The constant of gravitation in m³/(kg·s²) (CODATA 2018).</summary>
    public const double Gravitation = 6.67430e-11;

    /// <summary>A year in seconds (365.25 days).</summary>
    public const double YearSeconds = 3.15576e7;

    /// <summary>The time in years between two decisions of the published experiment.</summary>
    public const double CheckYears = 0.1;

    /// <summary>Gets the unit of time in years, √(L³/(G·M)), about 0.0919.</summary>
    public static double TimeYears { get; } = Math.Sqrt(LengthMetres * LengthMetres * LengthMetres / (Gravitation * MassKilograms)) / YearSeconds;

    /// <summary>Gets the unit of speed in metres per second, about 51 595.</summary>
    public static double SpeedMetresPerSecond { get; } = LengthMetres / (TimeYears * YearSeconds);

    /// <summary>Gets the time between two decisions in units of time, about 1.0884.</summary>
    public static double CheckStep { get; } = CheckYears / TimeYears;

    /// <summary>Returns the published initial conditions of a seed: three bodies of mass ⅓, centre of mass at rest in the origin, time 0.</summary>
    /// <param name="seed">The seed that the published code gives to numpy.</param>
    /// <remarks>
    /// Four uniforms in this order: x2 ∈ [5, 20], y2 ∈ [0, 10], x3 ∈ (−10, 0], y3 ∈ [5, 20] au; body 1 at the origin; velocities (0, 10), (−10, 0), (0, 0) km/s;
    /// then the centre of mass is taken off. Allocates one generator; where that matters use the other overload.
    /// </remarks>
    public static ThreeBodyState FromSeed(uint seed) => FromSeed(seed, new LegacyUniform(seed));

    /// <summary>Returns the published initial conditions of a seed without allocating.</summary>
    /// <param name="seed">The seed that the published code gives to numpy.</param>
    /// <param name="generator">A generator to work with; it is seeded here.</param>
    /// <exception cref="ArgumentNullException"><paramref name="generator"/> is null.</exception>
    public static ThreeBodyState FromSeed(uint seed, LegacyUniform generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        generator.Seed(seed);
        double speed = 1e4 / SpeedMetresPerSecond;
        var state = new ThreeBodyState
        {
            M0 = 1.0 / 3, M1 = 1.0 / 3, M2 = 1.0 / 3,
            X1 = generator.Next(5, 20), Y1 = generator.Next(0, 10), X2 = generator.Next(0, -10), Y2 = generator.Next(5, 20),
            V0 = speed, U1 = -speed,
        };
        Centre(ref state);
        return state;
    }

    /// <summary>Moves the centre of mass to the origin and stops it.</summary>
    /// <param name="state">A state whose mass is not 0.</param>
    public static void Centre(ref ThreeBodyState state)
    {
        double mass = state.M0 + state.M1 + state.M2;
        Shift(ref state.X0, ref state.X1, ref state.X2, Mean(state, state.X0, state.X1, state.X2) / mass);
        Shift(ref state.Y0, ref state.Y1, ref state.Y2, Mean(state, state.Y0, state.Y1, state.Y2) / mass);
        Shift(ref state.U0, ref state.U1, ref state.U2, Mean(state, state.U0, state.U1, state.U2) / mass);
        Shift(ref state.V0, ref state.V1, ref state.V2, Mean(state, state.V0, state.V1, state.V2) / mass);
    }

    /// <summary>Returns the energy, Σ ½·m·v² − Σ m_i·m_j/r_ij, in n-body units. Infinite or NaN for a state that blew up.</summary>
    /// <param name="state">The state to measure.</param>
    public static double Energy(in ThreeBodyState state)
    {
        double kinetic = 0.5 * ((state.M0 * ((state.U0 * state.U0) + (state.V0 * state.V0)))
            + (state.M1 * ((state.U1 * state.U1) + (state.V1 * state.V1)))
            + (state.M2 * ((state.U2 * state.U2) + (state.V2 * state.V2))));
        double potential = (state.M0 * state.M1 / Length(state.X1 - state.X0, state.Y1 - state.Y0))
            + (state.M0 * state.M2 / Length(state.X2 - state.X0, state.Y2 - state.Y0))
            + (state.M1 * state.M2 / Length(state.X2 - state.X1, state.Y2 - state.Y1));
        return kinetic - potential;
    }

    /// <summary>Returns the angular momentum about the origin, Σ m·(x·v_y − y·v_x), in n-body units.</summary>
    /// <param name="state">The state to measure.</param>
    public static double AngularMomentum(in ThreeBodyState state) =>
        (state.M0 * ((state.X0 * state.V0) - (state.Y0 * state.U0)))
        + (state.M1 * ((state.X1 * state.V1) - (state.Y1 * state.U1)))
        + (state.M2 * ((state.X2 * state.V2) - (state.Y2 * state.U2)));

    /// <summary>Returns the time in which the closest pair would meet, min over pairs of r/v and √(r³/(m_i + m_j)), in n-body units (AMUSE Hermite).</summary>
    /// <param name="state">The state to measure.</param>
    public static double CollisionTime(in ThreeBodyState state)
    {
        Gravity.Evaluate(Bodies<OrbitScalar>.Of(state), out _, out OrbitScalar collision);
        return Math.Sqrt(Math.Sqrt(collision.Value));
    }

    private static double Length(double x, double y) => Math.Sqrt((x * x) + (y * y));

    private static double Mean(in ThreeBodyState state, double a, double b, double c) => (state.M0 * a) + (state.M1 * b) + (state.M2 * c);

    private static void Shift(ref double a, ref double b, ref double c, double by)
    {
        a -= by;
        b -= by;
        c -= by;
    }
}
