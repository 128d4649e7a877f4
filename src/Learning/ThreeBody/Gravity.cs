using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Learning;

/// <summary>Newton's attraction between three bodies in a plane and what follows from it for the step.</summary>
/// <remarks>Pairs are taken in the order (0,1), (0,2), (1,2) and additions in one fixed order: the last bits of an orbit depend on both.</remarks>
internal static class Gravity
{
    /// <summary>Gives acceleration and jerk of every body and t_coll⁴, the least of (r²)²/(v²)² and r⁶/(m_i + m_j)² over the pairs (AMUSE Hermite).</summary>
    // A compilation unit of its own: inlined into a loop, its hundreds of small operators would exceed what the compiler inlines into one method.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Evaluate<T>(in Bodies<T> z, out Pull<T> pull, out T collision) where T : struct, IOrbitLanes<T>
    {
        PairPull<T> p01 = Pair(z.X1 - z.X0, z.Y1 - z.Y0, z.U1 - z.U0, z.V1 - z.V0, z.M0 + z.M1);
        PairPull<T> p02 = Pair(z.X2 - z.X0, z.Y2 - z.Y0, z.U2 - z.U0, z.V2 - z.V0, z.M0 + z.M2);
        PairPull<T> p12 = Pair(z.X2 - z.X1, z.Y2 - z.Y1, z.U2 - z.U1, z.V2 - z.V1, z.M1 + z.M2);
        T zero = T.Of(0);
        pull.AX0 = (z.M1 * p01.AX) + (z.M2 * p02.AX);
        pull.AY0 = (z.M1 * p01.AY) + (z.M2 * p02.AY);
        pull.JX0 = (z.M1 * p01.JX) + (z.M2 * p02.JX);
        pull.JY0 = (z.M1 * p01.JY) + (z.M2 * p02.JY);
        pull.AX1 = (z.M2 * p12.AX) - (z.M0 * p01.AX);
        pull.AY1 = (z.M2 * p12.AY) - (z.M0 * p01.AY);
        pull.JX1 = (z.M2 * p12.JX) - (z.M0 * p01.JX);
        pull.JY1 = (z.M2 * p12.JY) - (z.M0 * p01.JY);
        pull.AX2 = zero - (z.M0 * p02.AX) - (z.M1 * p12.AX);
        pull.AY2 = zero - (z.M0 * p02.AY) - (z.M1 * p12.AY);
        pull.JX2 = zero - (z.M0 * p02.JX) - (z.M1 * p12.JX);
        pull.JY2 = zero - (z.M0 * p02.JY) - (z.M1 * p12.JY);
        collision = Least(Least(p01.Collision, p02.Collision), p12.Collision);
    }

    /// <summary>Gives the accelerations only; the jerks stay as they are. Same bits as <see cref="Evaluate{T}"/>.</summary>
    // A compilation unit of its own: inlined into a loop, its hundreds of small operators would exceed what the compiler inlines into one method.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Accelerate<T>(in Bodies<T> z, ref Pull<T> pull) where T : struct, IOrbitLanes<T>
    {
        (T x01, T y01) = Attraction(z.X1 - z.X0, z.Y1 - z.Y0);
        (T x02, T y02) = Attraction(z.X2 - z.X0, z.Y2 - z.Y0);
        (T x12, T y12) = Attraction(z.X2 - z.X1, z.Y2 - z.Y1);
        T zero = T.Of(0);
        pull.AX0 = (z.M1 * x01) + (z.M2 * x02);
        pull.AY0 = (z.M1 * y01) + (z.M2 * y02);
        pull.AX1 = (z.M2 * x12) - (z.M0 * x01);
        pull.AY1 = (z.M2 * y12) - (z.M0 * y01);
        pull.AX2 = zero - (z.M0 * x02) - (z.M1 * x12);
        pull.AY2 = zero - (z.M0 * y02) - (z.M1 * y12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T X, T Y) Attraction<T>(T x, T y) where T : struct, IOrbitLanes<T>
    {
        T r2 = (x * x) + (y * y);
        T cube = T.Of(1) / (r2 * T.Sqrt(r2));
        return (x * cube, y * cube);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PairPull<T> Pair<T>(T x, T y, T u, T v, T mass) where T : struct, IOrbitLanes<T>
    {
        T r2 = (x * x) + (y * y);
        T v2 = (u * u) + (v * v);
        T cube = T.Of(1) / (r2 * T.Sqrt(r2));
        T turn = T.Of(3) * ((x * u) + (y * v)) / r2;
        T meet = r2 / v2;
        return new PairPull<T>
        {
            AX = x * cube,
            AY = y * cube,
            JX = (u - (turn * x)) * cube,
            JY = (v - (turn * y)) * cube,
            Collision = Least(meet * meet, r2 * r2 * r2 / (mass * mass)),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Least<T>(T a, T b) where T : struct, IOrbitLanes<T> => T.WhereAtMost(a, b, a, b);
}
