namespace EdgeAutonomy.Learning;

/// <summary>Solves small symmetric positive definite systems in float64.</summary>
internal static class Cholesky
{
    /// <summary>Solves A·x = b in place.</summary>
    /// <param name="a">A, [n, n] row by row; its lower half is read and overwritten by the factor.</param>
    /// <param name="b">b; takes x.</param>
    /// <exception cref="TrainingDivergedException">A is not positive definite, or not finite.</exception>
    public static void Solve(Span<double> a, Span<double> b)
    {
        int n = b.Length;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i * n + j];
                for (int k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
                if (i != j)
                {
                    a[i * n + j] = sum / a[j * n + j];
                    continue;
                }
                if (!(sum > 0) || !double.IsFinite(sum)) throw new TrainingDivergedException(FormattableString.Invariant($"Least squares: pivot {i} of {n} is {sum}, must be above 0; make the ridge larger."));
                a[i * n + i] = Math.Sqrt(sum);
            }
        }
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++) b[i] -= a[i * n + k] * b[k];
            b[i] /= a[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++) b[i] -= a[k * n + i] * b[k];
            b[i] /= a[i * n + i];
        }
    }
}
