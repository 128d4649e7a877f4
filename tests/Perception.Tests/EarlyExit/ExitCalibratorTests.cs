using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

public class ExitCalibratorTests
{
    private static readonly int[] Checkpoints = [5, 10, 20, 40];

    [Theory]
    [InlineData(0.9, 99)]
    [InlineData(0.8, 60)]
    [InlineData(0.95, 200)]
    public void Conformal_ExchangeableTrials_CoverAsPromised(double coverage, int calibration)
    {
        const int Trials = 1000;
        var random = new RandomStream(21);
        int covered = 0, classes = 5;
        long size = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            var policy = ExitCalibrator.Conformal(TraceMaker.Counts(random, calibration, 40, classes), coverage, Checkpoints, temperature: 2);
            var report = ExitReport.Of(policy, TraceMaker.Counts(random, 1, 40, classes));
            if (report.Coverage == 1) covered++;
            size += (long)report.MeanSetSize;
        }
        // The guarantee, less three standard deviations of a share of 1,000 trials.
        double sigma = Math.Sqrt(coverage * (1 - coverage) / Trials);
        Assert.True(covered >= Trials * (coverage - 3 * sigma), $"{covered} of {Trials} are covered");
        Assert.True(size < 0.6 * Trials * classes, $"sets have {size / (double)Trials} of {classes} classes: a set of everything would cover too");
    }

    [Fact]
    public void Conformal_OneQuantileForAllCheckpoints_WouldNotCover()
    {
        // Negative control: without Bonferroni, stopping at the first small set picks the checkpoints that are wrong.
        const double Coverage = 0.9;
        var random = new RandomStream(22);
        int covered = 0, promised = 0;
        const int Trials = 1000;
        int[] many = [.. Enumerable.Range(1, 20).Select(c => 2 * c)];
        var traces = TraceMaker.Counts(random, 4000, 40, 5);
        var honest = ExitCalibrator.Conformal(traces, Coverage, many, temperature: 2);
        double[] careless = [.. many.Select(c => ExitCalibrator.Conformal(traces, Coverage, [c], temperature: 2).Quantiles[0])];
        var policy = new ConformalExit(Coverage, 2, 5, many, careless);
        for (int trial = 0; trial < Trials; trial++)
        {
            var one = TraceMaker.Counts(random, 1, 40, 5);
            if (ExitReport.Of(policy, one).Coverage == 1) covered++;
            if (ExitReport.Of(honest, one).Coverage == 1) promised++;
        }
        double sigma = Math.Sqrt(Coverage * (1 - Coverage) / Trials);
        Assert.True(covered < Trials * (Coverage - 3 * sigma), $"{covered} are covered without the correction");
        Assert.True(promised >= Trials * (Coverage - 3 * sigma), $"{promised} are covered with it");
    }

    [Theory]
    [InlineData(99, 0.9, 1, 90)]
    [InlineData(99, 0.9, 4, 98)] // 100·(1 − 0.025) = 97.5
    [InlineData(9, 0.9, 1, 9)]
    [InlineData(8, 0.9, 1, 9)] // more than there are: nothing can be excluded
    [InlineData(999, 0.95, 10, 995)]
    public void Rank_Samples_IsRoundedUp(int samples, double coverage, int checkpoints, int rank) => Assert.Equal(rank, ExitCalibrator.Rank(samples, coverage, checkpoints));

    [Fact]
    public void Conformal_TooFewSamples_ExcludesNothing()
    {
        var policy = ExitCalibrator.Conformal(TraceMaker.Counts(new RandomStream(1), 8, 40, 5), 0.9, Checkpoints);
        Assert.All(policy.Quantiles.ToArray(), q => Assert.Equal(1, q));
        Assert.Equal(5, policy.Decide(40, 40, [0, 50, 0, 0, 0]).Set.Count);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(2)]
    [InlineData(30)]
    public void Temperature_LabelsDrawnFromSoftmax_IsFound(double temperature)
    {
        var traces = TraceMaker.Calibrated(new RandomStream(31), 4000, 6, temperature);
        double found = ExitCalibrator.Temperature(traces);
        // A grid of 2^(1/16), and a flat minimum: 4,000 labels fix the confidence of a bin to about ±0.03.
        Assert.InRange(found / temperature, 0.8, 1.25);
        Assert.True(ExitCalibrator.CalibrationError(traces, temperature) < 0.05);
        Assert.True(ExitCalibrator.CalibrationError(traces, 8 * temperature) > 0.2);
        Assert.True(ExitCalibrator.CalibrationError(traces, found) <= ExitCalibrator.CalibrationError(traces, temperature));
    }

    [Fact]
    public void Curves_EveryPoint_IsWhatThePolicyDoes()
    {
        var traces = TraceMaker.Counts(new RandomStream(41), 150, 40, 6);
        foreach (var point in ExitCalibrator.ConfidenceCurve(traces, 3).Where((_, i) => i % 17 == 0 || i == 199))
        {
            var report = ExitReport.Of(new ConfidenceExit(3, point.Threshold), traces);
            Assert.Equal((point.MeanSteps, point.Accuracy), (report.MeanSteps, report.Accuracy));
        }
        var margins = ExitCalibrator.MarginCurve(traces);
        Assert.All(margins, p => Assert.Equal(Math.Floor(p.Threshold), p.Threshold)); // counts are whole
        foreach (var point in margins)
        {
            var report = ExitReport.Of(new MarginExit(point.Threshold), traces);
            Assert.Equal((point.MeanSteps, point.Accuracy), (report.MeanSteps, report.Accuracy));
        }
    }

    [Fact]
    public void Knee_CurveWithABend_IsTheBend()
    {
        ExitPoint[] curve = [new(1, 10, 0.5), new(2, 20, 0.8), new(3, 30, 0.94), new(4, 60, 0.96), new(5, 100, 0.97), new(6, 150, 0.96)];
        Assert.Equal(3, ExitCurve.Knee(curve).Threshold);
        Assert.Equal(3, ExitCurve.Knee(curve.AsSpan(0, 5)).Threshold); // what lies behind the best changes nothing
        // Straight, or bent the other way: no accuracy is given away.
        Assert.Equal(3, ExitCurve.Knee([new(1, 10, 0.5), new(2, 20, 0.6), new(3, 30, 0.7)]).Threshold);
        Assert.Equal(3, ExitCurve.Knee([new(1, 10, 0.5), new(2, 20, 0.52), new(3, 30, 0.7)]).Threshold);
        // Time buys nothing: the fastest.
        Assert.Equal(1, ExitCurve.Knee([new(1, 10, 0.7), new(2, 20, 0.7), new(3, 30, 0.6)]).Threshold);
        Assert.Equal(7, ExitCurve.Knee([new(7, 10, 0.7)]).Threshold);
    }

    [Fact]
    public void Policies_OnFreshSamples_SaveStepsForLittle()
    {
        var random = new RandomStream(51);
        var traces = TraceMaker.Counts(random, 300, 60, 6);
        var fresh = TraceMaker.Counts(random, 600, 60, 6);
        var full = ExitReport.Of(new FixedExit(60), fresh);
        foreach (IExitPolicy policy in new IExitPolicy[] { ExitCalibrator.Confidence(traces, 0.01), ExitCalibrator.Margin(traces, 0.01) })
        {
            var report = ExitReport.Of(policy, fresh);
            Assert.InRange(report.MeanSteps, 1, 48);
            // One point that was allowed, and two standard deviations of the difference of two shares of 600.
            Assert.InRange(report.Accuracy, full.Accuracy - 0.01 - 0.03, 1);
        }
        var knee = ExitCalibrator.Confidence(traces);
        Assert.True(ExitReport.Of(knee, fresh).MeanSteps < ExitReport.Of(ExitCalibrator.Confidence(traces, 0), fresh).MeanSteps);
        Assert.Equal(ExitFile.ToBytes(knee), ExitFile.ToBytes(ExitCalibrator.Confidence(traces)));
    }

    [Fact]
    public void ExitTraces_WrongInput_Throws()
    {
        Assert.Contains("need 24 readouts, 23 are given", Assert.Throws<ArgumentException>(() => new ExitTraces(new float[23], 4, 3, [0, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("label 1 is 3", Assert.Throws<ArgumentException>(() => new ExitTraces(new float[24], 4, 3, [0, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("readout 2 is NaN", Assert.Throws<ArgumentException>(() => new ExitTraces([0, 0, float.NaN], 1, 3, [0])).Message, StringComparison.Ordinal);
        var traces = new ExitTraces(new float[12], 4, 3, [0]);
        Assert.Contains("must be in [1, 4]", Assert.Throws<ArgumentException>(() => ExitCalibrator.Conformal(traces, 0.9, [5])).Message, StringComparison.Ordinal);
    }
}
