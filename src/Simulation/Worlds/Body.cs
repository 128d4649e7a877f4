namespace EdgeAutonomy.Simulation;

/// <summary>The shape and motion of a thing that stands in the world: an obstacle or a robot, round or a box.</summary>
internal struct Body
{
    public double X, Y, Vx, Vy;

    /// <summary>Heading of a box.</summary>
    public double Cos, Sin;

    /// <summary>Radius of a round body; of a box, the radius of the circle around it.</summary>
    public double Radius;

    /// <summary>Half the length of a box along its heading, and half its width.</summary>
    public double HalfLength, HalfWidth;

    public double Height;
    public bool Round;
    public WallTexture Texture;

    /// <summary>Returns the nearest point of the surface to (x, y) and the signed distance to it (negative inside).</summary>
    public readonly double Nearest(double x, double y, out double nx, out double ny)
    {
        double dx = x - X, dy = y - Y;
        if (Round)
        {
            double r = Math.Sqrt(dx * dx + dy * dy);
            (nx, ny) = r > 1e-9 ? (dx / r, dy / r) : (1.0, 0.0);
            return r - Radius;
        }
        double lx = dx * Cos + dy * Sin, ly = dy * Cos - dx * Sin;
        double px = Math.Clamp(lx, -HalfLength, HalfLength), py = Math.Clamp(ly, -HalfWidth, HalfWidth);
        double ox = lx - px, oy = ly - py, d = Math.Sqrt(ox * ox + oy * oy);
        if (d > 1e-12)
        {
            (ox, oy) = (ox / d, oy / d);
        }
        else
        {
            double inX = HalfLength - Math.Abs(lx), inY = HalfWidth - Math.Abs(ly);
            (ox, oy) = inX < inY ? (lx < 0 ? -1 : 1, 0) : (0, ly < 0 ? -1 : 1);
            d = -Math.Min(inX, inY);
        }
        nx = ox * Cos - oy * Sin;
        ny = ox * Sin + oy * Cos;
        return d;
    }

    /// <summary>Returns the distance along a ray from (x, y) in the unit direction (dx, dy), or +∞.</summary>
    public readonly double Cast(double x, double y, double dx, double dy)
    {
        double ox = x - X, oy = y - Y;
        if (Round)
        {
            double b = ox * dx + oy * dy, c = ox * ox + oy * oy - Radius * Radius, disc = b * b - c;
            if (disc < 0 || c < 0) return c < 0 ? 0 : double.PositiveInfinity;
            double t = -b - Math.Sqrt(disc);
            return t >= 0 ? t : double.PositiveInfinity;
        }
        double lx = ox * Cos + oy * Sin, ly = oy * Cos - ox * Sin, ex = dx * Cos + dy * Sin, ey = dy * Cos - dx * Sin;
        double near = 0, far = double.PositiveInfinity;
        return Slab(lx, ex, HalfLength, ref near, ref far) && Slab(ly, ey, HalfWidth, ref near, ref far) ? near : double.PositiveInfinity;
    }

    private static bool Slab(double o, double d, double half, ref double near, ref double far)
    {
        if (Math.Abs(d) < 1e-12) return Math.Abs(o) <= half;
        double t0 = (-half - o) / d, t1 = (half - o) / d;
        if (t0 > t1) (t0, t1) = (t1, t0);
        near = Math.Max(near, t0);
        far = Math.Min(far, t1);
        return near <= far;
    }
}
