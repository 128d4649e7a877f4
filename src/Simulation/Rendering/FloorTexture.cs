using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>A smooth periodic ground pattern at three resolutions; farther away the ground is one grey.</summary>
/// <remarks>Each level is a padded square [y, x] of (256/2^level + 1)² reflectances. Immutable, thread-safe.</remarks>
internal sealed class FloorTexture
{
    /// <summary>Metres per texel of level 0.</summary>
    public const double Texel = 0.025;

    /// <summary>How many levels there are.</summary>
    public const int LevelCount = 3;

    private const int Side = 256;
    private readonly float[][] _levels = new float[LevelCount][];

    public FloorTexture(double brightness, double contrast, ulong seed)
    {
        var pattern = Pattern(RandomStream.For(seed, "texture.floor"));
        Mean = (float)brightness;
        for (int level = 0; level < LevelCount; level++)
        {
            int side = Side >> level;
            var padded = new float[(side + 1) * (side + 1)];
            for (int y = 0; y <= side; y++)
            {
                for (int x = 0; x <= side; x++)
                {
                    padded[y * (side + 1) + x] = (float)Math.Clamp(brightness + 0.5 * contrast * Block(pattern, (x % side) << level, (y % side) << level, 1 << level), 0.02, 0.98);
                }
            }
            _levels[level] = padded;
        }
    }

    /// <summary>Gets the mean reflectance.</summary>
    public float Mean { get; }

    /// <summary>Returns the level whose texels are not smaller than <paramref name="footprint"/> metres, or <see cref="LevelCount"/>: use the mean.</summary>
    public static int LevelFor(double footprint)
    {
        int level = 0;
        for (double texel = Texel; level < LevelCount && texel < footprint; texel *= 2) level++;
        return level;
    }

    /// <summary>Fills rows of one image column with the ground along a ray: place(row) = (x, y) + depth[row]·(dx, dy).</summary>
    public void Fill(Span<float> rows, ReadOnlySpan<float> depth, int level, double x, double y, double dx, double dy)
    {
        float[] texels = _levels[level];
        int side = Side >> level, mask = side - 1, stride = side + 1;
        double perMetre = 1 / (Texel * (1 << level));
        // Wrapped in double precision and lifted by one period, so that the integer part is found by truncation and no digits are lost.
        float bx = (float)(Wrap(x * perMetre, side) + side), by = (float)(Wrap(y * perMetre, side) + side);
        float sx = (float)(dx * perMetre), sy = (float)(dy * perMetre);
        for (int i = 0; i < rows.Length; i++)
        {
            float fx = bx + depth[i] * sx, fy = by + depth[i] * sy;
            int ix = (int)fx, iy = (int)fy;
            float ux = fx - ix, uy = fy - iy;
            int at = (iy & mask) * stride + (ix & mask);
            float a = texels[at], b = texels[at + 1], c = texels[at + stride], d = texels[at + stride + 1];
            float low = a + ux * (b - a), high = c + ux * (d - c);
            rows[i] = low + uy * (high - low);
        }
    }

    private static double Wrap(double value, int side) => value - side * Math.Floor(value / side);

    private static double Block(double[,] pattern, int x, int y, int size)
    {
        double sum = 0;
        for (int j = 0; j < size; j++)
        {
            for (int i = 0; i < size; i++) sum += pattern[(y + j) & (Side - 1), (x + i) & (Side - 1)];
        }
        return sum / (size * size);
    }

    private static double[,] Pattern(RandomStream random)
    {
        const int Cell = 8; // 20 cm
        int n = Side / Cell;
        var lattice = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++) lattice[i, j] = random.NextDouble(-1, 1);
        }
        var pattern = new double[Side, Side];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int i = y / Cell, j = x / Cell, i1 = (i + 1) % n, j1 = (j + 1) % n;
                double v = Ease(y % Cell / (double)Cell), u = Ease(x % Cell / (double)Cell);
                double low = lattice[i, j] + u * (lattice[i, j1] - lattice[i, j]), high = lattice[i1, j] + u * (lattice[i1, j1] - lattice[i1, j]);
                pattern[y, x] = low + v * (high - low);
            }
        }
        return pattern;
    }

    private static double Ease(double t) => t * t * (3 - 2 * t);
}
