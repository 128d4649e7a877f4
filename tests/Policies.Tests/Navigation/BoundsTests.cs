using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies.Tests;

public class BoundsTests
{
    [Theory]
    [InlineData(2.0, 1.0, 2.0, 0.0, 1.75)] // (2 − 1/4)/1
    [InlineData(1.0, 0.5, 2.0, 0.1, 1.775)] // (1 − 0.0625)/0.5 − 0.1
    [InlineData(1.0, -0.5, 2.0, 0.1, 1.775)]
    public void PeriodLimit_Moving_FollowsTheFormula(double free, double speed, double deceleration, double latency, double expected) =>
        Assert.Equal(Duration.FromSeconds(expected), StoppingBound.PeriodLimit(free, speed, deceleration, Duration.FromSeconds(latency)));

    [Theory]
    [InlineData(0.2, 1.0)] // stopping alone takes 0.25 m
    [InlineData(-1.0, 1.0)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(1.0, double.NaN)]
    public void PeriodLimit_TooLateOrNotANumber_Zero(double free, double speed) =>
        Assert.Equal(Duration.Zero, StoppingBound.PeriodLimit(free, speed, 2, Duration.Zero));

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.001, 0.01)]
    [InlineData(double.PositiveInfinity, 1.0)]
    public void PeriodLimit_AtRestOrNothingAhead_Unlimited(double free, double speed) =>
        Assert.Equal(Duration.Unlimited, StoppingBound.PeriodLimit(free, speed, 2, Duration.Zero));

    [Fact]
    public void Speed_ThenStopAfterReaction_EndsExactlyAtTheObstacle()
    {
        for (double free = 0.01; free < 3; free += 0.13)
        {
            double v = StoppingBound.Speed(free, 2, 0.08);
            // Way of the reaction and of the braking; rounding of a square root and a few products.
            Assert.Equal(free, v * 0.08 + v * v / 4, 1e-12);
        }
        Assert.Equal(0, StoppingBound.Speed(-1, 2, 0.08));
    }

    [Theory]
    [InlineData(0.008, 0.7, 1.5, 0.9, -0.3)]
    [InlineData(0.032, -0.4, 2.0, 0.5, 0.8)]
    public void StepError_OneEulerStepAgainstTwoHalves_IsTheFirstTerm(double dt, double v, double w, double x, double y)
    {
        var (oneX, oneY) = Euler(x, y, v, w, dt);
        var (halfX, halfY) = Euler(x, y, v, w, dt / 2);
        (halfX, halfY) = Euler(halfX, halfY, v, w, dt / 2);
        double difference = Math.Sqrt((oneX - halfX) * (oneX - halfX) + (oneY - halfY) * (oneY - halfY));
        double relative = Math.Sqrt((w * y - v) * (w * y - v) + w * x * w * x);
        // For a linear flow dt²/4·|A ṗ| is the whole difference, so only rounding remains.
        Assert.Equal(difference, 1e-3 * ControlStepError.Estimate(dt, w, relative, 0, 0, 1, 1e-3), 1e-12);
    }

    [Fact]
    public void StepError_DoubleStep_FourTimesTheError() =>
        Assert.Equal(4 * ControlStepError.Estimate(0.004, 1, 0.5, 2, 3, 0.7, 1e-4), ControlStepError.Estimate(0.008, 1, 0.5, 2, 3, 0.7, 1e-4), 1e-12);

    private static (double X, double Y) Euler(double x, double y, double v, double w, double dt) => (x + dt * (w * y - v), y - dt * w * x);
}
