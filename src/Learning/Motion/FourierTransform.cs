namespace EdgeAutonomy.Learning;

/// <summary>The fast Fourier transform of a power of two, in place (Cooley and Tukey), one and two dimensions.</summary>
/// <remarks>Scalar, in float64, with angles from <see cref="DeterministicMath"/>: the same numbers on every machine.</remarks>
internal sealed class FourierTransform
{
    private readonly int _n;
    private readonly double[] _cos, _sin, _re, _im;

    internal FourierTransform(int n)
    {
        if (n < 2 || (n & (n - 1)) != 0) throw new ArgumentOutOfRangeException(nameof(n), n, "must be a power of two, at least 2");
        _n = n;
        (_cos, _sin, _re, _im) = (new double[n / 2], new double[n / 2], new double[n], new double[n]);
        for (int i = 0; i < n / 2; i++) (_sin[i], _cos[i]) = DeterministicMath.SinCos(2 * Math.PI * i / n);
    }

    /// <summary>Σ x[k]·e^(+2πi·jk/n), not divided by n.</summary>
    internal void Inverse(Span<double> re, Span<double> im)
    {
        for (int i = 1, j = 0; i < _n; i++)
        {
            int bit = _n >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i < j) (re[i], re[j], im[i], im[j]) = (re[j], re[i], im[j], im[i]);
        }
        for (int half = 1; half < _n; half *= 2)
        {
            int step = _n / (2 * half);
            for (int start = 0; start < _n; start += 2 * half)
            {
                for (int k = 0; k < half; k++)
                {
                    int a = start + k, b = a + half;
                    double c = _cos[k * step], s = _sin[k * step], xr = re[b] * c - im[b] * s, xi = re[b] * s + im[b] * c;
                    (re[b], im[b]) = (re[a] - xr, im[a] - xi);
                    (re[a], im[a]) = (re[a] + xr, im[a] + xi);
                }
            }
        }
    }

    /// <summary>The same over rows and columns of an n×n array.</summary>
    internal void Inverse2D(double[] re, double[] im)
    {
        for (int y = 0; y < _n; y++) Inverse(re.AsSpan(y * _n, _n), im.AsSpan(y * _n, _n));
        for (int x = 0; x < _n; x++)
        {
            for (int y = 0; y < _n; y++) (_re[y], _im[y]) = (re[y * _n + x], im[y * _n + x]);
            Inverse(_re, _im);
            for (int y = 0; y < _n; y++) (re[y * _n + x], im[y * _n + x]) = (_re[y], _im[y]);
        }
    }
}
