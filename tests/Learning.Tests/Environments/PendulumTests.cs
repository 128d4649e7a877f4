namespace EdgeAutonomy.Learning.Tests;

public sealed class PendulumTests
{
    // Golden transitions were computed with Gymnasium 1.0.0; its sine may differ from ours in the last bit. 50 steps with a Lyapunov rate of about √15 per second amplify
    // one rounding by e^10 at most, hence 1e-11 there.
    [Theory]
    [InlineData(Math.PI, 0, 2, 1, 3.1565926535897932, 0.3000000000000001, -9.873604401089358)]
    [InlineData(Math.PI, 0, 2, 2, 3.1860301746833057, 0.5887504218702541, -9.873604401089358 - 9.78858162148166)]
    [InlineData(Math.PI, 0, 2, 10, 3.725468645457247, 1.4856936240868481, -87.7926993922833)]
    [InlineData(Math.PI, 0, 2, 20, 3.922283157477946, -0.7212263333680298, -144.90351050766006)]
    [InlineData(0.1, 0, 0, 1, 0.10374375312425606, 0.07487506248512113, -0.01)]
    [InlineData(0.1, 0, 0, 2, 0.11137092218407037, 0.15254338119628624, -0.01 - 0.011323393810521654)]
    [InlineData(0.1, 0, 0, 10, 0.38398710989244145, 1.2927256796589164, double.NaN)]
    [InlineData(0.1, 0, 0, 50, 6.130287969256878, -0.3938457590190453, -125.8145588416375)]
    [InlineData(1, -1, -0.5f, 1, 0.9778051619302961, -0.44389676139407763, -1.10025)]
    [InlineData(1, -1, -0.5f, 2, 0.9829580537405798, 0.10305783620567233, -1.10025 - 0.9760573681751472)]
    [InlineData(1, -1, -0.5f, 3, 1.0155662494481033, 0.6521639141504697, -1.10025 - 0.9760573681751472 - 0.9675186271738084)]
    [InlineData(3, 7.9, 5, 1, 3.4, 8.0, -15.245)]
    [InlineData(3, 7.9, 5, 2, 3.8, 8.0, -15.245 - 14.716757515536242)]
    [InlineData(3, 7.9, 5, 3, 4.192055329089648, 7.841106581792961, -15.245 - 14.716757515536242 - 12.570209269792576)]
    public void Step_FromAState_GivesTheStatesOfGymnasium(double angle, double turn, float torque, int steps, double angleAfter, double turnAfter, double rewards)
    {
        var e = new Pendulum();
        var o = new float[3];
        e.Start([angle, turn], o);
        double sum = 0;
        for (int i = 0; i < steps; i++) sum += e.Step([torque], o).Reward;
        Near(angleAfter, e.State[0], 1e-11);
        Near(turnAfter, e.State[1], 1e-11);
        if (!double.IsNaN(rewards)) Near(rewards, sum, 1e-11);
        Near(Math.Cos(e.State[0]), o[0], 1e-7);
        Near(Math.Sin(e.State[0]), o[1], 1e-7);
        Assert.Equal((float)e.State[1], o[2]);
    }

    [Fact]
    public void Step_HandController_MatchesThePublishedMean()
    {
        // −142.2 ± 6.5 over 200 episodes of the reference; the mean of 100 of ours has a standard error of about 9: four of both together.
        const int Episodes = 100;
        var e = new Pendulum();
        var o = new float[3];
        double sum = 0;
        for (int i = 0; i < Episodes; i++)
        {
            e.Reset(10_000 + (ulong)i, o);
            StepResult result;
            do
            {
                result = e.Step([(float)HandController(e.State)], o);
                sum += result.Reward;
                Assert.False(result.Terminated);
                Assert.Equal(e.Steps == 200, result.Truncated);
            }
            while (!result.Done);
        }
        Assert.InRange(sum / Episodes, -142.2 - 44, -142.2 + 44);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 4 - 2 * Math.PI)]
    [InlineData(-4, 2 * Math.PI - 4)]
    [InlineData(Math.PI, -Math.PI)]
    public void Wrap_Angle_LiesInThePositiveRemainder(double angle, double expected) => Near(expected, Pendulum.Wrap(angle), 1e-15);

    private static double HandController(ReadOnlySpan<double> state)
    {
        double angle = Pendulum.Wrap(state[0]), turn = state[1];
        if (Math.Abs(angle) < 0.35 && Math.Abs(turn) < 3) return Math.Clamp(-(10 * angle + 2.5 * turn), -2, 2);
        double energy = turn * turn / 6 + 5 * Math.Cos(angle);
        return Math.Abs(turn) <= 1e-3 ? 2 : 2 * Math.Sign((5 - energy) * turn);
    }

    private static void Near(double expected, double actual, double tolerance) =>
        Assert.InRange(actual, expected - tolerance * Math.Max(1, Math.Abs(expected)), expected + tolerance * Math.Max(1, Math.Abs(expected)));
}
