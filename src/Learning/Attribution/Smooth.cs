using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Learning;

/// <summary>The smooth functions of gates over whole spans, in place: the project's own, the same bits at every width of register.</summary>
internal static class Smooth
{
    /// <summary>x ← tanh x.</summary>
    public static void Tanh<T>(Span<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            var f = MemoryMarshal.Cast<T, float>(x);
            DeterministicMathF.Tanh(f, f);
            return;
        }
        for (int i = 0; i < x.Length; i++) x[i] = T.CreateTruncating(DeterministicMath.Tanh(double.CreateTruncating(x[i])));
    }

    /// <summary>x ← 1 / (1 + e^−x).</summary>
    public static void Sigmoid<T>(Span<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            var f = MemoryMarshal.Cast<T, float>(x);
            DeterministicMathF.Sigmoid(f, f);
            return;
        }
        for (int i = 0; i < x.Length; i++) x[i] = T.CreateTruncating(DeterministicMath.Sigmoid(double.CreateTruncating(x[i])));
    }
}
