namespace EdgeAutonomy.Learning;

/// <summary>A texture of random phases and a log-Gaussian spectrum that repeats after 64 pixels, and its view from any place.</summary>
/// <remarks>Two texels a pixel, so that cubic interpolation between them stays far from their limit. Not thread-safe.</remarks>
internal sealed class MovingTexture
{
    internal const int Texels = 128, Period = Texels / PerPixel, PerPixel = 2;
    private readonly FourierTransform _fourier = new(Texels);
    private readonly double[] _re = new double[Texels * Texels], _im = new double[Texels * Texels];
    private readonly float[] _texels = new float[Texels * Texels], _row = new float[Texels];

    /// <summary>Draws a new texture of mean 0 and deviation 1.</summary>
    internal void Draw(MotionTask task, RandomStream random)
    {
        double kappa = task.Anisotropy * random.NextDouble(), preferred = 2 * Math.PI * random.NextDouble();
        var (preferredSin, preferredCos) = DeterministicMath.SinCos(preferred);
        for (int v = 0; v < Texels; v++)
        {
            for (int u = 0; u < Texels; u++)
            {
                double fx = Signed(u) / (double)Period, fy = Signed(v) / (double)Period, f = Math.Sqrt(fx * fx + fy * fy), amplitude = 0;
                var (sin, cos) = DeterministicMath.SinCos(2 * Math.PI * random.NextDouble());
                if (f > 0)
                {
                    double octaves = DeterministicMath.Log(f / task.Frequency) / task.FrequencySpread;
                    // A pixel sees the mean over its area.
                    amplitude = DeterministicMath.Exp(-0.5 * octaves * octaves) * Box(fx) * Box(fy);
                    // cos of twice the angle from the preferred orientation, without the angle.
                    double twice = ((fx * fx - fy * fy) * preferredCos + 2 * fx * fy * preferredSin) / (f * f);
                    if (kappa > 0) amplitude *= DeterministicMath.Exp(kappa * (twice - 1));
                }
                (_re[v * Texels + u], _im[v * Texels + u]) = (amplitude * cos, amplitude * sin);
            }
        }
        _fourier.Inverse2D(_re, _im);
        Normalise();
        double gain = task.EdgeGain * random.NextDouble();
        if (gain > 0)
        {
            for (int i = 0; i < _re.Length; i++) _re[i] = DeterministicMath.Tanh(gain * _re[i]);
            Normalise();
        }
        for (int i = 0; i < _re.Length; i++) _texels[i] = (float)_re[i];
    }

    /// <summary>Looks at the texture from a place.</summary>
    /// <param name="x">Place of the left column in the texture, pixels; any.</param>
    /// <param name="y">Place of the upper row.</param>
    /// <param name="size">Columns and rows, at most 56.</param>
    /// <param name="view">Receives the intensities, [row, column].</param>
    internal void View(double x, double y, int size, Span<float> view)
    {
        Split(x, out int column, out float x0, out float x1, out float x2, out float x3);
        Split(y, out int line, out float y0, out float y1, out float y2, out float y3);
        for (int row = 0; row < size; row++)
        {
            int top = line + row * PerPixel;
            ReadOnlySpan<float> a = Line(top - 1), b = Line(top), c = Line(top + 1), d = Line(top + 2);
            for (int u = 0; u < Texels; u++) _row[u] = y0 * a[u] + y1 * b[u] + y2 * c[u] + y3 * d[u];
            for (int i = 0; i < size; i++)
            {
                int u = column + i * PerPixel;
                view[row * size + i] = x0 * _row[u - 1 & Texels - 1] + x1 * _row[u & Texels - 1] + x2 * _row[u + 1 & Texels - 1] + x3 * _row[u + 2 & Texels - 1];
            }
        }
    }

    private ReadOnlySpan<float> Line(int v) => _texels.AsSpan((v & Texels - 1) * Texels, Texels);

    private static int Signed(int k) => k < Texels / 2 ? k : k - Texels;

    private static double Box(double f) => f == 0 ? 1 : DeterministicMath.Sin(Math.PI * f) / (Math.PI * f);

    // The four weights of Catmull and Rom's cubic for the place between two texels.
    private static void Split(double place, out int whole, out float a, out float b, out float c, out float d)
    {
        double texel = place * PerPixel, floor = Math.Floor(texel), t = texel - floor, wrapped = floor - Texels * Math.Floor(floor / Texels);
        whole = (int)wrapped;
        a = (float)(0.5 * t * (-1 + t * (2 - t)));
        b = (float)(0.5 * (2 + t * t * (-5 + 3 * t)));
        c = (float)(0.5 * t * (1 + t * (4 - 3 * t)));
        d = (float)(0.5 * t * t * (t - 1));
    }

    private void Normalise()
    {
        double sum = 0, squares = 0;
        foreach (double v in _re) sum += v;
        double mean = sum / _re.Length;
        foreach (double v in _re) squares += (v - mean) * (v - mean);
        double scale = 1 / Math.Sqrt(squares / _re.Length);
        for (int i = 0; i < _re.Length; i++) _re[i] = (_re[i] - mean) * scale;
    }
}
