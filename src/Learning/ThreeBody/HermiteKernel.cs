using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Learning;

/// <summary>Predictor and corrector of the 4th-order Hermite scheme (Makino and Aarseth, PASJ 44, 1992; in the form of AMUSE <c>community/hermite</c>).</summary>
internal static class HermiteKernel
{
    /// <summary>A step below this share of the time reached makes no progress in double precision (AMUSE).</summary>
    public const double Progress = 1e-12;

    /// <summary>Returns the least step that still counts as progress at time t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LeastStep<T>(T time) where T : struct, IOrbitLanes<T>
    {
        T floor = T.Of(Progress) * time;
        T least = T.Of(double.Epsilon);
        return T.WhereAtMost(floor, least, least, floor);
    }

    /// <summary>Gives x + v·h + a·h²/2 + j·h³/6 and v + a·h + j·h²/2.</summary>
    // A compilation unit of its own: inlined into a loop, its hundreds of small operators would exceed what the compiler inlines into one method.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Predict<T>(in Bodies<T> z, in Pull<T> p, T h, out Bodies<T> to) where T : struct, IOrbitLanes<T>
    {
        (to.M0, to.M1, to.M2) = (z.M0, z.M1, z.M2);
        (to.X0, to.U0) = Predict(z.X0, z.U0, p.AX0, p.JX0, h);
        (to.X1, to.U1) = Predict(z.X1, z.U1, p.AX1, p.JX1, h);
        (to.X2, to.U2) = Predict(z.X2, z.U2, p.AX2, p.JX2, h);
        (to.Y0, to.V0) = Predict(z.Y0, z.V0, p.AY0, p.JY0, h);
        (to.Y1, to.V1) = Predict(z.Y1, z.V1, p.AY1, p.JY1, h);
        (to.Y2, to.V2) = Predict(z.Y2, z.V2, p.AY2, p.JY2, h);
    }

    /// <summary>Gives v1 = v + (a + a1)·h/2 + (j − j1)·h²/12 and x1 = x + (v + v1)·h/2 + (a − a1)·h²/12; the result may be the argument.</summary>
    // A compilation unit of its own: inlined into a loop, its hundreds of small operators would exceed what the compiler inlines into one method.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Correct<T>(in Bodies<T> z, in Pull<T> p, in Pull<T> q, T h, out Bodies<T> to) where T : struct, IOrbitLanes<T>
    {
        T half = T.Of(0.5) * h;
        T twelfth = h * h / T.Of(12);
        (to.M0, to.M1, to.M2) = (z.M0, z.M1, z.M2);
        (to.X0, to.U0) = Correct(z.X0, z.U0, p.AX0, p.JX0, q.AX0, q.JX0, half, twelfth);
        (to.X1, to.U1) = Correct(z.X1, z.U1, p.AX1, p.JX1, q.AX1, q.JX1, half, twelfth);
        (to.X2, to.U2) = Correct(z.X2, z.U2, p.AX2, p.JX2, q.AX2, q.JX2, half, twelfth);
        (to.Y0, to.V0) = Correct(z.Y0, z.V0, p.AY0, p.JY0, q.AY0, q.JY0, half, twelfth);
        (to.Y1, to.V1) = Correct(z.Y1, z.V1, p.AY1, p.JY1, q.AY1, q.JY1, half, twelfth);
        (to.Y2, to.V2) = Correct(z.Y2, z.V2, p.AY2, p.JY2, q.AY2, q.JY2, half, twelfth);
    }

    /// <summary>Corrects one system with compensated sums; <paramref name="lost"/> carries what rounding took from each coordinate.</summary>
    public static void CorrectCompensated(
        in Bodies<OrbitScalar> z, in Pull<OrbitScalar> p, in Pull<OrbitScalar> q, double h, ref Bodies<OrbitScalar> lost, out Bodies<OrbitScalar> to)
    {
        OrbitScalar half = new(0.5 * h);
        OrbitScalar twelfth = new(h * h / 12);
        (to.M0, to.M1, to.M2) = (z.M0, z.M1, z.M2);
        (to.X0, to.U0) = Correct(z.X0, z.U0, p.AX0, p.JX0, q.AX0, q.JX0, half, twelfth, ref lost.X0, ref lost.U0);
        (to.X1, to.U1) = Correct(z.X1, z.U1, p.AX1, p.JX1, q.AX1, q.JX1, half, twelfth, ref lost.X1, ref lost.U1);
        (to.X2, to.U2) = Correct(z.X2, z.U2, p.AX2, p.JX2, q.AX2, q.JX2, half, twelfth, ref lost.X2, ref lost.U2);
        (to.Y0, to.V0) = Correct(z.Y0, z.V0, p.AY0, p.JY0, q.AY0, q.JY0, half, twelfth, ref lost.Y0, ref lost.V0);
        (to.Y1, to.V1) = Correct(z.Y1, z.V1, p.AY1, p.JY1, q.AY1, q.JY1, half, twelfth, ref lost.Y1, ref lost.V1);
        (to.Y2, to.V2) = Correct(z.Y2, z.V2, p.AY2, p.JY2, q.AY2, q.JY2, half, twelfth, ref lost.Y2, ref lost.V2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T X, T V) Predict<T>(T x, T v, T a, T j, T h) where T : struct, IOrbitLanes<T>
    {
        T half = T.Of(0.5);
        T curve = (a * half) + (j * h * T.Of(1.0 / 6));
        return (x + (h * (v + (h * curve))), v + (h * (a + (h * j * half))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T X, T V) Correct<T>(T x, T v, T a, T j, T a1, T j1, T half, T twelfth) where T : struct, IOrbitLanes<T>
    {
        T v1 = v + (((a + a1) * half) + ((j - j1) * twelfth));
        return (x + (((v + v1) * half) + ((a - a1) * twelfth)), v1);
    }

    private static (OrbitScalar X, OrbitScalar V) Correct(
        OrbitScalar x, OrbitScalar v, OrbitScalar a, OrbitScalar j, OrbitScalar a1, OrbitScalar j1, OrbitScalar half, OrbitScalar twelfth,
        ref OrbitScalar lostX, ref OrbitScalar lostV)
    {
        OrbitScalar v1 = Compensated.Add(v, ((a + a1) * half) + ((j - j1) * twelfth), ref lostV);
        return (Compensated.Add(x, ((v + v1) * half) + ((a - a1) * twelfth), ref lostX), v1);
    }
}
