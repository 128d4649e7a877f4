using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>A surrogate derivative over x = v − θ, and its primitive, which stands for the step where gradients are checked by differences.</summary>
/// <param name="Kind">The shape.</param>
/// <param name="Slope">How steep: α, k, or 1/width.</param>
public readonly record struct Surrogate(SurrogateKind Kind, double Slope)
{
    private const double Gamma = 0.3;

    /// <summary>Gets the default: ATan with α = 2.</summary>
    public static Surrogate Default => new(SurrogateKind.ATan, 2);

    /// <summary>Returns the derivative.</summary>
    /// <param name="x">Membrane minus threshold.</param>
    public Vector<T> Derivative<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> one = Vector<T>.One, a = Lanes.Of<T>(Slope), ax = a * Vector.Abs(x), y;
        switch (Kind)
        {
            case SurrogateKind.ATan:
                y = Lanes.Of<T>(Math.PI / 2) * ax;
                return Lanes.Of<T>(Slope / 2) / (one + y * y);
            case SurrogateKind.Triangle:
                return Lanes.Of<T>(Gamma) * Vector.Max(Vector<T>.Zero, one - ax);
            case SurrogateKind.Sigmoid:
                Span<T> s = stackalloc T[Vector<T>.Count];
                for (int i = 0; i < s.Length; i++) s[i] = Sigmoid(ax[i]);
                y = new Vector<T>(s);
                return a * y * (one - y);
            case SurrogateKind.FastSigmoid:
                y = one + ax;
                return one / (y * y);
            default:
                return Vector.Max(Vector<T>.Zero, a - a * ax);
        }
    }

    /// <summary>Returns an integral of the derivative; for ATan, Sigmoid and PiecewiseQuadratic it goes from 0 to 1.</summary>
    /// <param name="x">Membrane minus threshold.</param>
    public double Primitive(double x)
    {
        double a = Slope, ax = a * Math.Abs(x);
        switch (Kind)
        {
            case SurrogateKind.ATan: return 0.5 + DeterministicMath.Atan(Math.PI / 2 * a * x) / Math.PI;
            case SurrogateKind.Sigmoid: return DeterministicMath.Sigmoid(a * x);
            case SurrogateKind.FastSigmoid: return x / (1 + ax);
            case SurrogateKind.Triangle: return Gamma * Math.Sign(x) * (ax >= 1 ? 0.5 / a : Math.Abs(x) * (1 - ax / 2));
            default: return ax >= 1 ? (x > 0 ? 1 : 0) : 0.5 + a * x * (1 - ax / 2);
        }
    }

    // σ(|x|): σ(1 − σ) is even, so the sign does not matter.
    private static T Sigmoid<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? T.CreateTruncating(DeterministicMathF.Sigmoid(float.CreateTruncating(x)))
        : T.CreateTruncating(DeterministicMath.Sigmoid(double.CreateTruncating(x)));
}
