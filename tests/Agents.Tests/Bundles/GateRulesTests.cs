namespace EdgeAutonomy.Agents.Tests;

public class GateRulesTests
{
    private static readonly GateBounds _bounds = new();

    [Theory]
    [InlineData(1000, 0, 950, 955, true)]
    [InlineData(1000, 0, 950, 956, false)]
    [InlineData(1000, 1, 1000, 0, false)]
    [InlineData(0, 0, 0, 0, false)]
    public void Replay_Figures_AreHeldAgainstTheBounds(int decisions, int bad, int grounded, int incumbent, bool passed) =>
        Assert.Equal(passed, GateRules.Replay(new ReplayFigures(decisions, bad, grounded, incumbent), _bounds).Passed);

    // n = 400; lower = (won − lost)/n − 1.96·sqrt(won + lost − (won − lost)²/n)/n, worked out by hand for each line.
    [Theory]
    [InlineData(0, 0, true)]      // 0
    [InlineData(8, 8, true)]      // −0.0196
    [InlineData(9, 9, false)]     // −0.0208
    [InlineData(0, 3, true)]      // −0.0075 − 0.0085 = −0.0159
    [InlineData(0, 4, true)]      // −0.0100 − 0.0098 = −0.0198
    [InlineData(0, 5, false)]     // −0.0125 − 0.0109 = −0.0234
    [InlineData(60, 20, true)]    // 0.1 − 0.0427 = 0.0573
    public void Simulation_LowerBound_DecidesNotTheMean(int won, int lost, bool passed) => Assert.Equal(passed, GateRules.Simulation(Pairs(400, won, lost, 1), _bounds).Passed);

    [Fact]
    public void Simulation_TooFewOrTooSlow_Fails()
    {
        Assert.False(GateRules.Simulation(Pairs(399, 100, 0, 1), _bounds).Passed);
        Assert.True(GateRules.Simulation(Pairs(400, 0, 0, 1, 4), _bounds).Passed);
        // 100 latencies: the 99th smallest decides, so one slow decision passes and two do not.
        Assert.True(GateRules.Simulation(Pairs(400, 0, 0, 99, 1), _bounds).Passed);
        Assert.False(GateRules.Simulation(Pairs(400, 0, 0, 98, 2), _bounds).Passed);
        Assert.False(GateRules.Simulation(Pairs(400, 0, 0, 0), _bounds).Passed);
    }

    [Fact]
    public void Forgetting_OneFamilyTooLow_Fails()
    {
        FamilyFigures good = new("fetch", 100, 100, 90), edge = new("inspect", 100, 85, 90), bad = new("mixed", 100, 84, 90);
        Assert.True(GateRules.Forgetting([good, edge], _bounds).Passed);
        var result = GateRules.Forgetting([good, edge, bad], _bounds);
        Assert.False(result.Passed);
        Assert.Contains("'mixed' 84 of 100 against 90", result.Evidence, StringComparison.Ordinal);
        Assert.False(GateRules.Forgetting([], _bounds).Passed);
    }

    [Fact]
    public void Shadow_EachFigure_CanFailIt()
    {
        var good = new ShadowFigures(200, 150, 199, 200, 0, 3, TimeSpan.FromSeconds(1), 0.1, TimeSpan.FromHours(2));
        Assert.True(GateRules.Shadow(good, _bounds).Passed);
        ShadowFigures[] bad =
        [
            good with { Decisions = 199 }, good with { Elapsed = TimeSpan.FromMinutes(119) }, good with { Failures = 1 }, good with { Grounded = 198 },
            good with { P99 = TimeSpan.FromSeconds(1.6) }, good with { CpuShare = 0.3 }, good with { CpuShare = double.NaN },
        ];
        Assert.All(bad, b => Assert.False(GateRules.Shadow(b, _bounds).Passed));
        // Agreement is reported, not judged: a better policy disagrees.
        Assert.True(GateRules.Shadow(good with { Agreed = 0 }, _bounds).Passed);
    }

    [Fact]
    public void Canary_AnyTriggerOrTooFew_Fails()
    {
        Assert.True(GateRules.Canary(new CanaryFigures(50, []), _bounds).Passed);
        Assert.False(GateRules.Canary(new CanaryFigures(49, []), _bounds).Passed);
        Assert.False(GateRules.Canary(new CanaryFigures(500, ["loitering"]), _bounds).Passed);
    }

    private static SimulationFigures Pairs(int n, int won, int lost, int quick, int slow = 0) => new(
        [.. Enumerable.Range(0, n).Select(i => i < won ? (true, false) : i < won + lost ? (false, true) : (true, true))],
        [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(5), quick), .. Enumerable.Repeat(TimeSpan.FromSeconds(slow == 4 ? 1.5 : 2), slow)]);

    [Fact]
    public void Replay_AsGroundedAsTheIncumbent_SaysNoDifference() => Assert.Contains("grounding 0 against", GateRules.Replay(new ReplayFigures(10, 0, 9, 9), new GateBounds()).Evidence, StringComparison.Ordinal);
}
