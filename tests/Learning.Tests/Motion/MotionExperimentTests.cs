namespace EdgeAutonomy.Learning.Tests;

public class MotionExperimentTests
{
    [Fact]
    public void Name_IsWhatTheCommandLineSays()
    {
        var experiment = new MotionExperiment();
        Assert.Equal("motion", experiment.Name);
        Assert.Contains("2023", experiment.Source, StringComparison.Ordinal);
    }

    // One seed of the quick recipe, seconds: the shape of the result and its acceptance, with room for one seed.
    [Fact]
    public void Run_QuickOneSeed_AcceptanceHolds()
    {
        double last = 0;
        var result = new MotionExperiment().Run(new ExperimentContext { Quick = true, Seeds = 1, Progress = (share, _) => last = share });
        Assert.Equal(1, last);
        double Window(string arm) => result.Rows.Single(r => r.Arm == arm && r.Metric == "window accuracy, %").Value.Value;
        Assert.InRange(Window("all synapses"), 75, 100);
        Assert.InRange(Window("1 % of synapses"), Window("all synapses") - 5, 100);
        Assert.InRange(Window("delay depth 1"), 0, Window("delay depth 2") - 15);
        Assert.InRange(Window("delay depth 2"), 0, Window("delay depth 4") - 10);
        Assert.InRange(Window("all synapses, ON and OFF as they are"), 0, Window("all synapses") - 10);
        Assert.Equal(3, result.Curves.Count);
        Assert.All(result.Curves, c => Assert.True(c.Points.Count >= 5));
    }
}
