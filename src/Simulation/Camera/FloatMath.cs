using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Single-precision functions for whole images, each as a scalar and as a vector with the same operations in the same order.</summary>
/// <remarks>Only + − × ÷, compares and bit moves: no fused operation and no estimate, so every vector width gives the same bits.</remarks>
internal static class FloatMath
{
    private const int SqrtHalfBits = 0x3F3504F3;

    /// <summary>Returns ln x for normal positive x. Error below 2 ulp. Polynomial: Cephes logf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x)
    {
        int bits = BitConverter.SingleToInt32Bits(x), e = (bits - SqrtHalfBits) >> 23;
        float f = BitConverter.Int32BitsToSingle(bits - (e << 23)) - 1f, z = f * f, k = e;
        float p = 7.0376836292e-2f;
        p = p * f + -1.1514610310e-1f;
        p = p * f + 1.1676998740e-1f;
        p = p * f + -1.2420140846e-1f;
        p = p * f + 1.4249322787e-1f;
        p = p * f + -1.6668057665e-1f;
        p = p * f + 2.0000714765e-1f;
        p = p * f + -2.4999993993e-1f;
        p = p * f + 3.3333331174e-1f;
        float y = f * z * p;
        y = y + -2.12194440e-4f * k;
        y = y - 0.5f * z;
        return f + y + 0.693359375f * k;
    }

    /// <summary>Returns ln x lane by lane; the twin of the scalar.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Log(Vector<float> x)
    {
        var bits = Vector.AsVectorInt32(x);
        var e = Vector.ShiftRightArithmetic(bits - new Vector<int>(SqrtHalfBits), 23);
        var f = Vector.AsVectorSingle(bits - Vector.ShiftLeft(e, 23)) - Vector<float>.One;
        Vector<float> z = f * f, k = Vector.ConvertToSingle(e);
        var p = new Vector<float>(7.0376836292e-2f);
        p = p * f + new Vector<float>(-1.1514610310e-1f);
        p = p * f + new Vector<float>(1.1676998740e-1f);
        p = p * f + new Vector<float>(-1.2420140846e-1f);
        p = p * f + new Vector<float>(1.4249322787e-1f);
        p = p * f + new Vector<float>(-1.6668057665e-1f);
        p = p * f + new Vector<float>(2.0000714765e-1f);
        p = p * f + new Vector<float>(-2.4999993993e-1f);
        p = p * f + new Vector<float>(3.3333331174e-1f);
        var y = f * z * p;
        y = y + new Vector<float>(-2.12194440e-4f) * k;
        y = y - new Vector<float>(0.5f) * z;
        return f + y + new Vector<float>(0.693359375f) * k;
    }

    /// <summary>Returns e^−x for x ≥ 0 (0 below e^−80). Relative error below 3e-7. Polynomial: Cephes expf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Decay(float x)
    {
        x = 0f - (x > 80f ? 80f : x);
        float n = MathF.Floor(x * 1.44269504088896341f + 0.5f);
        float r = x - n * 0.693359375f - n * -2.12194440e-4f, z = r * r;
        float p = 1.9875691500e-4f;
        p = p * r + 1.3981999507e-3f;
        p = p * r + 8.3334519073e-3f;
        p = p * r + 4.1665795894e-2f;
        p = p * r + 1.6666665459e-1f;
        p = p * r + 5.0000001201e-1f;
        return (p * z + r + 1f) * BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
    }

    /// <summary>Returns e^−x lane by lane; the twin of the scalar.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Decay(Vector<float> x)
    {
        x = Vector<float>.Zero - Vector.ConditionalSelect(Vector.GreaterThan(x, new Vector<float>(80f)), new Vector<float>(80f), x);
        var n = Vector.Floor(x * new Vector<float>(1.44269504088896341f) + new Vector<float>(0.5f));
        var r = x - n * new Vector<float>(0.693359375f) - n * new Vector<float>(-2.12194440e-4f);
        var z = r * r;
        var p = new Vector<float>(1.9875691500e-4f);
        p = p * r + new Vector<float>(1.3981999507e-3f);
        p = p * r + new Vector<float>(8.3334519073e-3f);
        p = p * r + new Vector<float>(4.1665795894e-2f);
        p = p * r + new Vector<float>(1.6666665459e-1f);
        p = p * r + new Vector<float>(5.0000001201e-1f);
        var scale = Vector.AsVectorSingle(Vector.ShiftLeft(Vector.ConvertToInt32(n) + new Vector<int>(127), 23));
        return (p * z + r + Vector<float>.One) * scale;
    }

    /// <summary>Returns the logarithmic signal of intensity <paramref name="i"/> in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Respond(float i, bool linLog)
    {
        if (!linLog) return Log(0.001f + i);
        float y = 255f * i;
        return y <= 20f ? LinearSlope * y : Log(y);
    }

    /// <summary>Returns the logarithmic signal lane by lane; the twin of the scalar.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Respond(Vector<float> i, bool linLog)
    {
        if (!linLog) return Log(new Vector<float>(0.001f) + i);
        var y = new Vector<float>(255f) * i;
        var dark = Vector.LessThanOrEqual(y, new Vector<float>(20f));
        return Vector.ConditionalSelect(dark, new Vector<float>(LinearSlope) * y, Log(y));
    }

    /// <summary>Returns the angle of (x, y) in [−π, π] within 2e-4 rad: enough to place a texture on a cylinder.</summary>
    public static double CoarseAtan2(double y, double x)
    {
        double ax = Math.Abs(x), ay = Math.Abs(y), high = Math.Max(ax, ay);
        if (high == 0) return 0;
        double a = Math.Min(ax, ay) / high, s = a * a;
        double r = ((-0.0464964749 * s + 0.15931422) * s - 0.327622764) * s * a + a;
        if (ay > ax) r = 1.5707963267948966 - r;
        if (x < 0) r = Math.PI - r;
        return y < 0 ? -r : r;
    }

    // v2e: the linear part meets ln at Y = 20.
    private static readonly float LinearSlope = (float)(DeterministicMath.Log(20) / 20);
}
