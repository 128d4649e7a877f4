using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>A smooth periodic ground pattern at three resolutions; farther away the ground is one grey.</summary>
/// <remarks>
/// Each level is a square [y, x] of (256/2^level)² words; a word holds the four neighbours of a place in 8 bits each, so a bilinear look-up is one
/// load. The bytes span the pattern's own range, finer than a 250th of its contrast. Immutable, thread-safe.
/// </remarks>
internal sealed class FloorTexture
{
    /// <summary>Metres per texel of level 0.</summary>
    public const double Texel = 0.025;

    /// <summary>How many levels there are.</summary>
    public const int LevelCount = 3;

    private const int Side = 256; // 2^8
    private readonly uint[][] _levels = new uint[LevelCount][];
    private readonly float _offset, _scale;

    public FloorTexture(double brightness, double contrast, ulong seed)
    {
        var pattern = Pattern(RandomStream.For(seed, "texture.floor"));
        Mean = (float)brightness;
        double low = Math.Clamp(brightness - 0.5 * contrast, 0.02, 0.98), high = Math.Clamp(brightness + 0.5 * contrast, 0.02, 0.98);
        (_offset, _scale) = ((float)low, (float)((high - low) / 255));
        for (int level = 0; level < LevelCount; level++)
        {
            int side = Side >> level;
            var bytes = new uint[side * side];
            for (int c = 0; c < bytes.Length; c++) bytes[c] = (uint)Math.Round(127.5 + 127.5 * Block(pattern, (c % side) << level, (c / side) << level, 1 << level));
            _levels[level] = new uint[side * side];
            for (int c = 0; c < bytes.Length; c++)
            {
                int x = c % side, y = c / side, x1 = (x + 1) % side, y1 = (y + 1) % side;
                _levels[level][c] = bytes[c] | bytes[y * side + x1] << 8 | bytes[y1 * side + x] << 16 | bytes[y1 * side + x1] << 24;
            }
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

    /// <summary>Returns where a camera at (x, y) stands on a level, in texels.</summary>
    /// <remarks>Wrapped in double precision and lifted by four periods (25.6 m), so that no place along a ray of at most 6 m depth is negative
    /// and truncation finds the whole part.</remarks>
    public static (float X, float Y) Origin(int level, double x, double y)
    {
        int side = Side >> level;
        double perMetre = PerMetre(level);
        return ((float)(Wrap(x * perMetre, side) + 4 * side), (float)(Wrap(y * perMetre, side) + 4 * side));
    }

    /// <summary>Fills rows of one image column with the ground along a ray: place(row) = origin + depth[row]·(dx, dy).</summary>
    /// <param name="rows">The pixels.</param>
    /// <param name="depth">Metres, as many; at most 6.</param>
    /// <param name="level">Which resolution.</param>
    /// <param name="origin">From <see cref="Origin"/>.</param>
    /// <param name="dx">Direction per metre of depth, at most 4 long.</param>
    /// <param name="dy">Direction per metre of depth.</param>
    /// <param name="wide">False forces the scalar twin.</param>
    public void Fill(Span<float> rows, ReadOnlySpan<float> depth, int level, (float X, float Y) origin, double dx, double dy, bool wide)
    {
        double perMetre = PerMetre(level);
        var line = new Gather.Line(origin.X, origin.Y, (float)(dx * perMetre), (float)(dy * perMetre));
        Gather.Bilinear(_levels[level], 8 - level, depth, line, _scale, _offset, rows, wide);
    }

    private static double PerMetre(int level) => 1 / Texel / (1 << level);

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
