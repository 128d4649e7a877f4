namespace EdgeAutonomy.Agents;

/// <summary>A point or a velocity in the plane of the map, in metres or metres per second.</summary>
/// <param name="X">East.</param>
/// <param name="Y">North.</param>
public readonly record struct Vector2D(double X, double Y)
{
    /// <summary>The origin, or rest.</summary>
    public static readonly Vector2D Zero;

    /// <summary>Gets the square of the length.</summary>
    public double LengthSquared => X * X + Y * Y;

    /// <summary>Gets the length.</summary>
    public double Length => Math.Sqrt(LengthSquared);

    /// <summary>Gets whether both numbers are finite.</summary>
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);

    /// <summary>Returns the scalar product.</summary>
    public static double Dot(Vector2D a, Vector2D b) => a.X * b.X + a.Y * b.Y;

    /// <summary>Returns the determinant a.X·b.Y − a.Y·b.X: positive when <paramref name="b"/> lies to the left of <paramref name="a"/>.</summary>
    public static double Det(Vector2D a, Vector2D b) => a.X * b.Y - a.Y * b.X;

    /// <summary>Returns the distance of two points.</summary>
    public static double Distance(Vector2D a, Vector2D b) => (a - b).Length;

    /// <summary>Returns the point of the segment from <paramref name="a"/> to <paramref name="b"/> that is nearest to <paramref name="point"/>.</summary>
    public static Vector2D Nearest(Vector2D a, Vector2D b, Vector2D point)
    {
        Vector2D along = b - a;
        double squared = along.LengthSquared;
        return squared <= 0 ? a : a + along * Math.Clamp(Dot(point - a, along) / squared, 0, 1);
    }

    /// <summary>Adds.</summary>
    public static Vector2D operator +(Vector2D a, Vector2D b) => new(a.X + b.X, a.Y + b.Y);

    /// <summary>Subtracts.</summary>
    public static Vector2D operator -(Vector2D a, Vector2D b) => new(a.X - b.X, a.Y - b.Y);

    /// <summary>Turns around.</summary>
    public static Vector2D operator -(Vector2D a) => new(-a.X, -a.Y);

    /// <summary>Scales.</summary>
    public static Vector2D operator *(Vector2D a, double factor) => new(a.X * factor, a.Y * factor);

    /// <summary>Scales.</summary>
    public static Vector2D operator *(double factor, Vector2D a) => new(a.X * factor, a.Y * factor);

    /// <summary>Divides.</summary>
    public static Vector2D operator /(Vector2D a, double divisor) => new(a.X / divisor, a.Y / divisor);
}
