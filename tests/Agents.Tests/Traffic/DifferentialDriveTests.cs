using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests.Traffic;

public class DifferentialDriveTests
{
    private static readonly DifferentialDrive Drive = new(1, 2, Duration.FromSeconds(0.35), 0.1);

    [Fact]
    public void Map_VelocityHeld_StraysByNoMoreThanTheBound()
    {
        var random = new RandomStream(3);
        for (int k = 0; k < 200; k++)
        {
            double heading = random.NextDouble(-3, 3), speed = random.NextDouble(0.05, 1), way = random.NextDouble(-3.1, 3.1);
            (double sin, double cos) = DeterministicMath.SinCos(heading + way);
            var velocity = new Vector2D(cos, sin) * speed;
            var twist = Drive.Map(velocity, heading, out double bound);
            double turning = Math.Abs(way / twist.Angular), worst = 0, x = 0, y = 0, h = heading;
            const double Dt = 1e-4;
            for (double t = 0; t < turning; t += Dt)
            {
                (double s, double c) = DeterministicMath.SinCos(h + twist.Angular * Dt / 2);
                (x, y, h) = (x + c * twist.Linear * Dt, y + s * twist.Linear * Dt, h + twist.Angular * Dt);
                worst = Math.Max(worst, (velocity * (t + Dt) - new Vector2D(x, y)).Length);
            }
            // 1e-3 m: the step of the integration, the single precision of the command.
            Assert.True(worst <= bound + 1e-3, $"case {k}: strays {worst}, bound {bound}, angle {way}");
            Assert.True(Math.Abs(twist.Angular) <= Drive.MaxTurn * (1 + 1e-6));
            Assert.InRange(twist.Linear, 0, 1);
        }
    }

    [Fact]
    public void Polygon_AllOfIt_KeepsWithinTheTrackingError()
    {
        var corners = Drive.Polygon;
        double area = 0;
        for (int i = 0; i < corners.Length; i++)
        {
            Vector2D a = corners[i], b = corners[(i + 1) % corners.Length];
            area += Vector2D.Det(a, b) / 2;
            for (double t = 0; t <= 1; t += 0.01)
            {
                for (double r = 0.1; r <= 1; r += 0.1)
                {
                    Vector2D q = (a + (b - a) * t) * r;
                    if (q.Length < 1e-9) continue;
                    Assert.True(Drive.ErrorBound(q.Length, DeterministicMath.Atan2(q.Y, q.X)) <= Drive.TrackingError * (1 + 1e-6), $"{q}");
                }
            }
        }
        // Not empty either: ahead it reaches nearly to the greatest speed.
        Assert.True(area > 0.3, $"{area}");
        Assert.True(corners.ToArray().Max(c => c.X) > 0.9);
    }

    [Fact]
    public void Choose_RobotsWithWheelsOnACircle_CrossWithoutTouching()
    {
        var options = new OrcaOptions { Period = Duration.FromSeconds(OrcaSimulation.Step), Drive = Drive };
        var starts = Enumerable.Range(0, 6).Select(i =>
        {
            (double sin, double cos) = DeterministicMath.SinCos(2 * Math.PI * i / 6);
            return new Vector2D(cos, sin) * 4;
        }).ToArray();
        var run = new OrcaSimulation(options, starts, [.. starts.Select(s => -s)]);
        run.Run(90);
        Assert.True(run.Least >= 2 * OrcaSimulation.Radius, $"{run.Least}");
        Assert.True(run.FarthestFromGoal < 0.5, $"{run.FarthestFromGoal}");
    }

    [Theory]
    [InlineData(0, 2, 0.1)]
    [InlineData(1, -2, 0.1)]
    [InlineData(1, 2, double.NaN)]
    public void Constructor_NumberNotPositive_Throws(double speed, double turn, double error) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DifferentialDrive(speed, turn, Duration.FromSeconds(0.3), error));
}
