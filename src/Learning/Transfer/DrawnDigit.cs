namespace EdgeAutonomy.Learning;

/// <summary>A digit drawn with a pen: strokes under a random affine map, with random corners and thickness. The simulated side of the transfer experiment.</summary>
/// <remarks>Our own drawings, ten shapes of straight lines; no recorded digit went into them. Immutable once made.</remarks>
public sealed class DrawnDigit
{
    /// <summary>Rows and columns of a picture, those of N-MNIST.</summary>
    public const int Side = NmnistData.Side;

    // Corners in a box of 0 … 10 by 0 … 10, y downwards; strokes end at a bar.
    private static readonly string[] Shapes =
    [
        "50 20 02 08 2A 5A 88 82 50",
        "32 50 5A",
        "13 20 70 93 84 1A 9A",
        "11 40 80 93 75 45|75 97 89 5A 19",
        "60 07 97|73 7A",
        "80 20 14 64 96 89 5A 19",
        "70 32 16 29 5A 89 96 74 25",
        "10 90 4A",
        "50 21 23 55 87 89 5A 29 27 55 83 81 50",
        "85 45 13 20 60 82 86 69 3A",
    ];

    private readonly (double X0, double Y0, double X1, double Y1)[] _lines;
    private readonly double _half;

    /// <summary>Draws a digit.</summary>
    /// <param name="digit">0 … 9.</param>
    /// <param name="random">What varies it.</param>
    public DrawnDigit(int digit, CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digit, 9);
        double angle = random.Uniform(0, -0.25, 0.25), shear = random.Uniform(1, -0.3, 0.3), sx = random.Uniform(2, 1.0, 1.6), sy = random.Uniform(3, 1.7, 2.1);
        double x0 = Side / 2.0 + random.Uniform(4, -2, 2), y0 = Side / 2.0 + random.Uniform(5, -2, 2);
        _half = random.Uniform(6, 0.9, 1.7);
        var (sin, cos) = DeterministicMath.SinCos(angle);
        var corners = random.For(1);
        ulong at = 0;
        var lines = new List<(double, double, double, double)>();
        foreach (string stroke in Shapes[digit].Split('|'))
        {
            string[] points = stroke.Split(' ');
            (double X, double Y) last = default;
            for (int i = 0; i < points.Length; i++)
            {
                double u = sx * (Coordinate(points[i][0]) - 5 + corners.Uniform(at++, -0.5, 0.5)), v = sy * (Coordinate(points[i][1]) - 5 + corners.Uniform(at++, -0.5, 0.5));
                u -= shear * v;
                (double X, double Y) point = (x0 + cos * u - sin * v, y0 + sin * u + cos * v);
                if (i > 0) lines.Add((last.X, last.Y, point.X, point.Y));
                last = point;
            }
        }
        _lines = [.. lines];

        static double Coordinate(char c) => c == 'A' ? 10 : c - '0';
    }

    /// <summary>Renders the digit.</summary>
    /// <param name="shiftX">How far it is moved to the right, in pixels.</param>
    /// <param name="shiftY">How far it is moved down.</param>
    /// <param name="picture">Takes [y, x] brightness, 0 … 1; 34 × 34.</param>
    public void Render(double shiftX, double shiftY, Span<float> picture)
    {
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                double nearest = double.PositiveInfinity, px = x - shiftX, py = y - shiftY;
                foreach (var (x0, y0, x1, y1) in _lines)
                {
                    double dx = x1 - x0, dy = y1 - y0, along = Math.Clamp(((px - x0) * dx + (py - y0) * dy) / Math.Max(dx * dx + dy * dy, 1e-9), 0, 1);
                    double ex = px - x0 - along * dx, ey = py - y0 - along * dy;
                    nearest = Math.Min(nearest, ex * ex + ey * ey);
                }
                // One pixel of soft edge.
                picture[y * Side + x] = (float)Math.Clamp(_half - Math.Sqrt(nearest) + 0.5, 0, 1);
            }
        }
    }

    /// <summary>Records the digit as an event camera on N-MNIST's path: three straight movements of 105 ms that come back to the start.</summary>
    /// <param name="noise">What makes the noise events.</param>
    /// <returns>Events in order of time.</returns>
    public Event[] Record(CounterRandom noise)
    {
        const int PartUs = 105_000, Frames = 21;
        const double Reach = 4, Threshold = 0.25;
        ReadOnlySpan<(double X, double Y)> path = [(0, 0), (Reach / 2, Reach), (Reach, 0), (0, 0)];
        var events = new List<Event>();
        var reference = new float[Side * Side];
        var now = new float[Side * Side];
        Render(0, 0, reference);
        for (int part = 0; part < 3; part++)
        {
            for (int frame = 1; frame <= Frames; frame++)
            {
                double share = (double)frame / Frames;
                Render(path[part].X + share * (path[part + 1].X - path[part].X) - Reach / 2, path[part].Y + share * (path[part + 1].Y - path[part].Y) - Reach / 2, now);
                long time = part * PartUs + (frame - 1) * (PartUs / Frames);
                for (int i = 0; i < now.Length; i++)
                {
                    float change = now[i] - reference[i];
                    if (Math.Abs(change) < Threshold) continue;
                    if (part > 0 || frame > 1) events.Add(new Event(time, (ushort)(i % Side), (ushort)(i / Side), (byte)(change > 0 ? 1 : 0)));
                    reference[i] = now[i];
                }
            }
        }
        for (ulong i = 0; i < 60; i++)
        {
            ulong bits = noise.Bits(i);
            events.Add(new Event((long)((bits & 0xFFFFFF) * (3 * PartUs) >> 24), (ushort)((bits >> 24 & 0xFFFF) * Side >> 16), (ushort)((bits >> 40 & 0xFFFF) * Side >> 16), (byte)(bits >> 63)));
        }
        return [.. events.OrderBy(e => e.TimeUs)];
    }
}
