using System.Numerics;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>A periodic pattern stored as its two-dimensional integral, so that any box of it is averaged exactly in constant time.</summary>
/// <remarks>
/// Texels are whole numbers 0…255 of 1.25 cm; the integral over two periods stays below 2^24, so single precision holds it exactly and no
/// box average suffers from cancellation. Layout [u, v]: v (height) contiguous. Immutable after construction, thread-safe.
/// </remarks>
internal sealed class WallTexture
{
    /// <summary>Metres per texel.</summary>
    public const double Texel = 0.0125;

    /// <summary>Texels after which the pattern repeats along the wall (3.2 m).</summary>
    public const int Period = 256;

    /// <summary>Texels over the height: surfaces are at most 0.8 m… 1 m high.</summary>
    public const int Rows = 80;

    /// <summary>Floats per u, a whole number of vectors.</summary>
    public const int Stride = 96;

    private readonly float[] _sum = new float[(2 * Period + 2) * Stride];

    public WallTexture(Surface surface, ulong seed)
    {
        var texels = new double[Period, Rows];
        var random = RandomStream.For(seed, $"texture.{surface.Kind}.{surface.Variant}");
        switch (surface.Kind)
        {
            case TextureKind.Stripes: Stripes(texels, random); break;
            case TextureKind.Checker: Checker(texels, random); break;
            case TextureKind.Noise: Smooth(texels, random); break;
            case TextureKind.Bricks: Bricks(texels, random); break;
            default: break;
        }
        Integrate(texels, surface);
    }

    /// <summary>Writes the integral over height of the average between two places along the wall: d[v] = Σ(v' &lt; v) mean(u0..u1, v')·scale.</summary>
    /// <param name="u0">Left end in texels.</param>
    /// <param name="u1">Right end in texels, not before the left one.</param>
    /// <param name="scale">Factor on the reflectance.</param>
    /// <param name="d">Receives <see cref="Stride"/> values, valid up to <see cref="Rows"/>.</param>
    public void Average(double u0, double u1, float scale, Span<float> d)
    {
        double width = Math.Clamp(u1 - u0, 1e-3, Period);
        u0 -= Period * Math.Floor(u0 * (1.0 / Period));
        u1 = u0 + width;
        int i0 = (int)u0, i1 = (int)u1;
        var f0 = new Vector<float>((float)(u0 - i0));
        var f1 = new Vector<float>((float)(u1 - i1));
        var k = new Vector<float>((float)(scale / (255.0 * width)));
        int a = i0 * Stride, b = i1 * Stride;
        for (int v = 0; v < Stride; v += Vector<float>.Count)
        {
            Vector<float> left = new(_sum, a + v), right = new(_sum, b + v);
            var part = f1 * (new Vector<float>(_sum, b + Stride + v) - right) - f0 * (new Vector<float>(_sum, a + Stride + v) - left);
            (((right - left) + part) * k).CopyTo(d[v..]);
        }
    }

    private static void Stripes(double[,] texels, RandomStream random)
    {
        bool light = true;
        for (int u = 0; u < Period; light = !light)
        {
            int width = 5 + random.NextInt32(20);
            double level = (light ? 1 : -1) * random.NextDouble(0.6, 1);
            if (Period - u - width < 5) width = Period - u;
            for (int end = Math.Min(Period, u + width); u < end; u++)
            {
                for (int v = 0; v < Rows; v++) texels[u, v] = level;
            }
        }
    }

    private static void Checker(double[,] texels, RandomStream random)
    {
        int side = random.NextInt32(2) == 0 ? 8 : 16;
        for (int u = 0; u < Period; u++)
        {
            for (int v = 0; v < Rows; v++) texels[u, v] = ((u / side + v / side) & 1) == 0 ? 1 : -1;
        }
    }

    private static void Bricks(double[,] texels, RandomStream random)
    {
        const int Long = 16, High = 6;
        var shade = new double[Rows / High + 1, Period / Long];
        for (int row = 0; row < shade.GetLength(0); row++)
        {
            for (int brick = 0; brick < shade.GetLength(1); brick++) shade[row, brick] = random.NextDouble(-1, 0.2);
        }
        for (int u = 0; u < Period; u++)
        {
            for (int v = 0; v < Rows; v++)
            {
                int row = v / High, shifted = (u + (row & 1) * Long / 2) % Period;
                bool joint = v % High == 0 || shifted % Long == 0;
                texels[u, v] = joint ? 1 : shade[row, shifted / Long];
            }
        }
    }

    // Two octaves of value noise on a periodic lattice, eased by 3t² − 2t³: no energy above the lattice, so it never sparkles.
    private static void Smooth(double[,] texels, RandomStream random)
    {
        double peak = 0;
        for (int cell = 16; cell >= 8; cell /= 2)
        {
            int nu = Period / cell, nv = Rows / cell + 2;
            var lattice = new double[nu, nv];
            for (int i = 0; i < nu; i++)
            {
                for (int j = 0; j < nv; j++) lattice[i, j] = random.NextDouble(-1, 1);
            }
            double weight = cell / 16.0;
            for (int u = 0; u < Period; u++)
            {
                for (int v = 0; v < Rows; v++)
                {
                    int i = u / cell, j = v / cell, i1 = (i + 1) % nu;
                    double x = Ease(u % cell / (double)cell), y = Ease(v % cell / (double)cell);
                    double low = lattice[i, j] + x * (lattice[i1, j] - lattice[i, j]);
                    double high = lattice[i, j + 1] + x * (lattice[i1, j + 1] - lattice[i, j + 1]);
                    texels[u, v] += weight * (low + y * (high - low));
                    peak = Math.Max(peak, Math.Abs(texels[u, v]));
                }
            }
        }
        for (int u = 0; u < Period; u++)
        {
            for (int v = 0; v < Rows; v++) texels[u, v] /= peak;
        }
    }

    private static double Ease(double t) => t * t * (3 - 2 * t);

    private void Integrate(double[,] texels, Surface surface)
    {
        for (int u = 0; u <= 2 * Period; u++)
        {
            float column = 0;
            for (int v = 0; v < Stride; v++)
            {
                int at = (u + 1) * Stride + v;
                _sum[at] = _sum[at - Stride] + column;
                if (v >= Rows) continue;
                double reflectance = surface.Brightness + 0.5 * surface.Contrast * texels[u % Period, v];
                column += (float)Math.Round(255 * Math.Clamp(reflectance, 0.02, 0.98));
            }
        }
    }
}
