namespace EdgeAutonomy.Learning.Tests;

public sealed class PointWorldTests
{
    private const double Coefficient = 0.18, Gravity = 9.80665;

    [Theory]
    [InlineData(0, 0, 60, -80, 0.5, 0.9704409, -2.7060788, 0.242610225, -0.6765197)]
    [InlineData(0.5, -0.2, -60, 80, 0.25, -0.51477955, 1.1530394, -0.00184744375, 0.119129925)]
    public void PublishedInterval_Golden_IsReproducedByTheReference(double vx, double vy, double fx, double fy, double tau, double vx1, double vy1, double dx, double dy)
    {
        var r = Published(vx, vy, fx, fy, tau);
        // The notes give seven digits or more.
        Assert.Equal(vx1, r.Vx, 1e-7);
        Assert.Equal(vy1, r.Vy, 1e-7);
        Assert.Equal(dx, r.Dx, 1e-7);
        Assert.Equal(dy, r.Dy, 1e-7);
    }

    [Theory]
    [InlineData(0, 0, 60, 80, 0.5)]
    [InlineData(0.15, 0.2, 60, 80, 0.3)]
    [InlineData(0.4, 0, 70, 0, 0.2)]
    public void Step_ForceAlongTheVelocity_AgreesWithThePublishedInterval(double vx, double vy, double fx, double fy, double tau)
    {
        // Where the published world has no defect the tick-by-tick one must give the same: the motion is one of constant acceleration, so only rounding differs.
        var expected = Published(vx, vy, fx, fy, tau);
        var e = Started(new PointWorldOptions { Continuous = true }, -0.5, -0.5, vx, vy);
        for (int i = 0; i < (int)Math.Round(tau / 0.01); i++) Assert.False(e.Step([(float)fx, (float)fy], new float[15]).Done);
        Assert.Equal(expected.Vx, e.State[6], 10);
        Assert.Equal(expected.Vy, e.State[7], 10);
        Assert.Equal(expected.Dx, e.State[0] + 0.5, 10);
        Assert.Equal(expected.Dy, e.State[1] + 0.5, 10);
    }

    [Fact]
    public void Step_Gliding_StopsExactlyWhereFrictionHasTakenTheEnergy()
    {
        // v² / (2 μ g) is the stopping distance.
        const double Speed = 1.0;
        var e = Started(null, -0.5, -0.5, Speed, 0);
        for (int i = 0; i < 200; i++) e.Step([0], new float[15]);
        Assert.Equal(0, e.State[6]);
        Assert.Equal(0, e.State[7]);
        Assert.Equal(Speed * Speed / (2 * Coefficient * Gravity), e.State[0] + 0.5, 10);
    }

    [Theory]
    [InlineData(35.0, false)] // 20 kg · 9.80665 · 0.18 = 35.30 N
    [InlineData(35.6, true)]
    public void Step_AtRest_MovesOnlyAboveFriction(float force, bool moves)
    {
        var e = Started(new PointWorldOptions { Continuous = true }, 0.5, 0.5, 0, 0);
        e.Step([force, 0], new float[15]);
        Assert.Equal(moves, e.State[6] > 0);
    }

    [Fact]
    public void Step_FastPastTheObstacle_CannotTunnel()
    {
        // 2 cm per tick on a chord at 4.99 cm: both ends of the tick lie outside of the disc, the path does not.
        var e = new PointWorld();
        e.Start([-0.009, 0.0499, 0, 0, 0.9, 0.9, 2, 0, 0, 0, 0, 3], new float[15]);
        Assert.Equal(new StepResult(-100, true, false), e.Step([1], new float[15]));
        Assert.True(Math.Sqrt(e.State[0] * e.State[0] + e.State[1] * e.State[1]) > PointWorld.Radius);
    }

    [Fact]
    public void Step_AtTheTarget_EndsWithAHundred()
    {
        var e = new PointWorld();
        e.Start([0.84, 0.9, 0, 0, 0.9, 0.9, 2, 0, 0, 0, 0, 3], new float[15]);
        Assert.Equal(new StepResult(100, true, false), e.Step([1], new float[15]));
        Assert.Throws<InvalidOperationException>(() => e.Step([1], new float[15]));
    }

    [Theory]
    [InlineData(0, 1.5)]
    [InlineData(11, 4)]
    [InlineData(11, 0.5)]
    [InlineData(6, double.NaN)]
    public void Start_ImpossibleState_IsRefused(int index, double value)
    {
        double[] state = [0, 0, 0.5, 0.5, 0.9, 0.9, 0, 0, 0, 0, 0, 3];
        var e = new PointWorld();
        e.Start(state, new float[15]);
        state[index] = value;
        Assert.Throws<ArgumentException>(() => e.Start(state, new float[15]));
    }

    [Fact]
    public void Step_IntoTheWall_LosesThatComponent()
    {
        var e = Started(null, 0.995, 0, 2, 0.1);
        e.Step([1], new float[15]);
        Assert.Equal(1, e.State[0]);
        Assert.Equal(0, e.State[6]);
        Assert.True(e.State[7] > 0);
    }

    [Fact]
    public void Reset_AnySeed_KeepsThePlacesApartAndDrawsAllWeathers()
    {
        var e = new PointWorld(new PointWorldOptions { Weather = null });
        var o = new float[15];
        var seen = new int[4];
        for (ulong seed = 0; seed < 400; seed++)
        {
            e.Reset(seed, o);
            for (int a = 0; a < 4; a += 2)
            {
                for (int b = a + 2; b < 6; b += 2) Assert.True(Math.Sqrt(Math.Pow(e.State[a] - e.State[b], 2) + Math.Pow(e.State[a + 1] - e.State[b + 1], 2)) > PointWorld.Radius);
            }
            Assert.Equal(1, o[11] + o[12] + o[13] + o[14]);
            seen[o.AsSpan(11).IndexOf(1f)]++;
        }
        Assert.All(seen, n => Assert.InRange(n, 60, 140)); // 100 ± 4.6 standard deviations of 8.7
    }

    private static PointWorld Started(PointWorldOptions? options, double x, double y, double vx, double vy)
    {
        var e = new PointWorld(options);
        e.Start([x, y, 0.9, -0.9, -0.9, 0.9, vx, vy, 0, 0, 0, 3], new float[15]);
        return e;
    }

    // The published interval, defects included: friction per axis along the force, with the sign of the velocity; only the upper side of the speed is clipped.
    private static (double Vx, double Vy, double Dx, double Dy) Published(double vx, double vy, double fx, double fy, double tau)
    {
        double force = Math.Sqrt(fx * fx + fy * fy), friction = 20 * Gravity * Coefficient;
        if (vx == 0 && vy == 0 && force < friction) friction = force;
        double Axis(double v, double f)
        {
            bool same = v >= 0 == f >= 0;
            double net = same ? f - f / force * friction : f + f / force * friction;
            return Math.Min(2, v + net / 20 * tau);
        }
        double nx = Axis(vx, fx), ny = Axis(vy, fy);
        return (nx, ny, 0.5 * (vx + nx) * tau, 0.5 * (vy + ny) * tau);
    }
}
