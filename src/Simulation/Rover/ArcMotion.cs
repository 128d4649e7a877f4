using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>How a robot with two driven wheels moves while their speeds do not change.</summary>
internal static class ArcMotion
{
    /// <summary>Moves a pose along the exact arc of constant speed and turn rate.</summary>
    public static void Move(double v, double w, double dt, ref double x, ref double y, ref double heading, double cos0, double sin0, out double cos, out double sin)
    {
        if (Math.Abs(w) < 1e-9)
        {
            x += v * dt * cos0;
            y += v * dt * sin0;
            (cos, sin) = (cos0, sin0);
            return;
        }
        heading = DeterministicMath.WrapAngle(heading + w * dt);
        (cos, sin) = (DeterministicMath.Cos(heading), DeterministicMath.Sin(heading));
        double radius = v / w;
        x += radius * (sin - sin0);
        y -= radius * (cos - cos0);
    }
}
