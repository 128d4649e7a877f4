namespace EdgeAutonomy.Learning.Tests;

public sealed class CartPoleTests
{
    // Golden transitions were computed with Gymnasium 1.0.0; its sine may differ from ours in the last bit, hence 1e-12 relative and not equality.
    private const double Tolerance = 1e-12;

    [Fact]
    public void Step_FromRestPushedRight_GivesTheStatesOfGymnasium()
    {
        var e = Started(0, 0, 0, 0);
        Run(e, _ => 1, 1, 0.0, 0.1951219512195122, 0.0, -0.2926829268292683);
        Run(e, _ => 1, 2, 0.0039024390243902443, 0.3902439024390244, -0.005853658536585366, -0.5853658536585366);
        Run(e, _ => 1, 3, 0.011707317073170733, 0.585447355516259, -0.0175609756097561, -0.8798869825388553);
        Run(e, _ => 1, 5, 0.03903233286065466, 0.9763639236140543, -0.05871948683251454, -1.4815325603291771);
        var last = Run(e, _ => 1, 9, 0.14065097203306187, 1.7603811257683097, -0.21518604988500967, -2.777886494012814);
        Assert.Equal(new StepResult(1, true, false), last);
    }

    [Fact]
    public void Step_Alternating_GivesTheStatesOfGymnasium()
    {
        var e = Started(0.01, -0.02, 0.03, -0.04);
        Run(e, s => s % 2, 1, 0.0096, -0.21553901710278936, 0.0292, 0.2619952237760393);
        Run(e, s => s % 2, 4, 0.000543418292295603, -0.021823582928166968, 0.03965338433689657, 0.0002462888748501757);
        Run(e, s => s % 2, 10, -0.013963629429072073, -0.025793950300804253, 0.06125620085156021, 0.08799099474620214);
        var last = Run(e, s => s % 2, 27, -0.05743010740329215, -0.2481368746947776, 0.21604454088739436, 1.0023347872129733);
        Assert.True(last.Terminated);
    }

    [Fact]
    public void Step_LargeState_GivesTheStatesOfGymnasium()
    {
        var e = Started(0.5, 1.0, 0.1, -0.5);
        Run(e, _ => 0, 1, 0.52, 0.8036210075354289, 0.09, -0.177552102292807);
        Run(e, _ => 0, 2, 0.5360724201507086, 0.6073340697174939, 0.08644895795414387, 0.14211095943289975);
        Run(e, _ => 1, 3, 0.5482191015450584, 0.8011183809010807, 0.08929117714280187, -0.12209566157127316);
    }

    [Theory]
    [InlineData(2.4 - 0.02, 1.0, false)] // lands on 2.4: the bound itself is inside
    [InlineData(2.39, 1.0, true)]
    public void Step_AtTheBound_EndsOnlyBeyondIt(double place, double speed, bool ends)
    {
        var e = Started(place, speed, 0, 0);
        var result = e.Step([1], new float[4]);
        Assert.Equal(ends, result.Terminated);
        Assert.False(result.Truncated);
    }

    [Fact]
    public void Step_Hold_MatchesThePublishedBaselines()
    {
        // The linear rule over 500 episodes of the reference gives 500, 500, 500, 366.6, 52.8 and 10.0. Ours has other first states, so the last rows must only agree within
        // their spread: standard deviations of a few 100, 30 and 1 over 100 episodes are 15, 5 and 0.2 for the mean; four of each are allowed.
        Assert.Equal(500, MeanOfRule(1));
        Assert.Equal(500, MeanOfRule(2));
        Assert.Equal(500, MeanOfRule(3));
        Assert.InRange(MeanOfRule(4), 366.6 - 60, 366.6 + 60);
        Assert.InRange(MeanOfRule(6), 52.8 - 20, 52.8 + 20);
        Assert.InRange(MeanOfRule(8), 10.0 - 0.8, 10.0 + 0.8);
    }

    [Fact]
    public void Step_SuttonBartoReward_IsMinusOneAtTheEndOnly()
    {
        var e = new CartPole(suttonBartoReward: true);
        e.Start([0, 0, 0, 0], new float[4]);
        StepResult result;
        double sum = 0;
        do
        {
            sum += (result = e.Step([1], new float[4])).Reward;
        }
        while (!result.Done);
        Assert.Equal(-1, sum);
        Assert.Equal(9, e.Steps);
    }

    private static double MeanOfRule(int hold)
    {
        const int Episodes = 100;
        var e = new CartPole();
        var o = new float[4];
        double sum = 0;
        for (int i = 0; i < Episodes; i++)
        {
            e.Reset(10_000 + (ulong)i, o);
            StepResult result;
            float action = 0;
            do
            {
                if (e.Steps % hold == 0) action = o[2] + 0.5 * o[3] + 0.05 * o[0] + 0.1 * o[1] > 0 ? 1 : 0;
                result = e.Step([action], o);
                sum += result.Reward;
            }
            while (!result.Done);
        }
        return sum / Episodes;
    }

    private static CartPole Started(params double[] state)
    {
        var e = new CartPole();
        e.Start(state, new float[4]);
        return e;
    }

    private static StepResult Run(CartPole e, Func<int, int> action, int until, params double[] expected)
    {
        var result = default(StepResult);
        var o = new float[4];
        while (e.Steps < until)
        {
            Assert.False(result.Done);
            result = e.Step([action(e.Steps)], o);
        }
        for (int i = 0; i < 4; i++)
        {
            Assert.InRange(e.State[i], expected[i] - Tolerance * Math.Abs(expected[i]), expected[i] + Tolerance * Math.Abs(expected[i]));
            Assert.Equal((float)e.State[i], o[i]);
        }
        return result;
    }
}
