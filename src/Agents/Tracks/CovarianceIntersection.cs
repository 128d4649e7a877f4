namespace EdgeAutonomy.Agents;

/// <summary>Fuses two estimates whose errors are correlated in an unknown way (Julier and Uhlmann 1997).</summary>
/// <remarks>
/// P⁻¹ = ω·P₁⁻¹ + (1 − ω)·P₂⁻¹ and x = P·(ω·P₁⁻¹·x₁ + (1 − ω)·P₂⁻¹·x₂) with the ω in [0, 1] that makes det P least. If both inputs are consistent the result is, whatever they share; adding information as if they shared nothing counts
/// what they share twice. Deterministic, thread-safe, 0 bytes per call.
/// </remarks>
public static class CovarianceIntersection
{
    private const double Golden = 0.61803398874989485;
    private const int Iterations = 30;

    /// <summary>Fuses.</summary>
    /// <param name="a">One estimate.</param>
    /// <param name="b">The other, of the same instant.</param>
    /// <param name="fused">The result.</param>
    /// <param name="weight">ω: how much of <paramref name="a"/>; 1 or 0 where one of them says all.</param>
    /// <returns>False when a covariance is not positive definite.</returns>
    public static bool TryFuse(in TrackEstimate a, in TrackEstimate b, out TrackEstimate fused, out double weight)
    {
        (fused, weight) = (default, 0);
        if (!a.Covariance.TryInvert(out var ia) || !b.Covariance.TryInvert(out var ib)) return false;
        weight = BestWeight(ia, ib);
        if (weight is 0 or 1)
        {
            fused = weight == 1 ? a : b;
            return true;
        }
        var information = SymmetricMatrix4.Blend(ia, weight, ib, 1 - weight);
        if (!information.TryInvert(out var covariance)) return false;
        Span<double> xa = [a.Position.X, a.Position.Y, a.Velocity.X, a.Velocity.Y], xb = [b.Position.X, b.Position.Y, b.Velocity.X, b.Velocity.Y];
        Span<double> ya = stackalloc double[4], yb = stackalloc double[4], x = stackalloc double[4];
        ia.Multiply(xa, ya);
        ib.Multiply(xb, yb);
        for (int i = 0; i < 4; i++) ya[i] = weight * ya[i] + (1 - weight) * yb[i];
        covariance.Multiply(ya, x);
        fused = new TrackEstimate(new Vector2D(x[0], x[1]), new Vector2D(x[2], x[3]), covariance);
        return true;
    }

    /// <summary>Golden section: log det of the blended information is concave in ω, so its determinant has one peak.</summary>
    private static double BestWeight(in SymmetricMatrix4 ia, in SymmetricMatrix4 ib)
    {
        double low = 0, high = 1, left = 1 - Golden, right = Golden, atLeft = At(ia, ib, left), atRight = At(ia, ib, right);
        for (int i = 0; i < Iterations; i++)
        {
            if (atLeft >= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - Golden * (high - low);
                atLeft = At(ia, ib, left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + Golden * (high - low);
                atRight = At(ia, ib, right);
            }
        }
        double middle = (low + high) / 2, best = At(ia, ib, middle), half = At(ia, ib, 0.5), only = At(ia, ib, 1), other = At(ia, ib, 0);
        // Equally sure inputs leave the weight open; the mean of both is then better than either unless they are one and the same.
        if (half >= Math.Max(best, Math.Max(only, other)) * (1 - 1e-12)) return 0.5;
        // At an end one input says all; the section only comes near.
        return only >= best && only >= other ? 1 : other >= best ? 0 : middle;
    }

    private static double At(in SymmetricMatrix4 ia, in SymmetricMatrix4 ib, double weight) => SymmetricMatrix4.Blend(ia, weight, ib, 1 - weight).Determinant();
}
