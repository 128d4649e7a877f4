namespace EdgeAutonomy.Simulation;

/// <summary>A standing wall from A to B, as high as all walls of the world.</summary>
internal readonly record struct WallSegment(double Ax, double Ay, double Bx, double By, double TextureStart, float Shade, WallTexture Texture)
{
    public double Ex => Bx - Ax;

    public double Ey => By - Ay;

    public double Length => Math.Sqrt(Ex * Ex + Ey * Ey);

    /// <summary>Returns the nearest point of the wall to (x, y).</summary>
    public (double X, double Y) Nearest(double x, double y)
    {
        double t = Math.Clamp(((x - Ax) * Ex + (y - Ay) * Ey) / (Ex * Ex + Ey * Ey), 0, 1);
        return (Ax + t * Ex, Ay + t * Ey);
    }
}
