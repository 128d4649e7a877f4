namespace EdgeAutonomy.Learning.Tests;

public sealed class FrequencyResponseTests
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(5, false)]
    [InlineData(1, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void Measure_EveryNeuron_IsTheAnalyticGain(double tau, bool decayInput)
    {
        var neurons = new LifOptions { Tau = tau, DecayInput = decayInput };
        double decay = 1 - 1 / tau, gain = decayInput ? 1 / tau : 1;
        foreach (double f in (double[])[0.0123, 0.0517, 0.1531, 0.3433, 0.4573])
        {
            double expected = FrequencyResponse.Analytic(decay, gain, f), measured = FrequencyResponse.Measure(neurons, f);
            // The crest may lie between the steps: at most 1 − cos(πf/16) = 0.5 %; fading in leaves an integrator an offset below that.
            Assert.InRange(measured / expected, 0.99, 1.005);
        }
    }

    [Fact]
    public void Measure_ResetKind_DoesNotMatterBelowThreshold()
    {
        double hard = FrequencyResponse.Measure(new LifOptions { Tau = 3, Reset = MembraneReset.Hard }, 0.1531), soft = FrequencyResponse.Measure(new LifOptions { Tau = 3, Reset = MembraneReset.Soft }, 0.1531);
        Assert.Equal(hard, soft, 1e-9);
    }

    [Fact]
    public void Measure_WrongDecay_IsSeen()
    {
        // The negative control: 10 % more leak moves the gain at low frequencies by far more than the tolerance.
        double measured = FrequencyResponse.Measure(new LifOptions { Tau = 5 }, 0.0123);
        Assert.False(Math.Abs(measured / FrequencyResponse.Analytic(1 - 1 / 4.5, 1, 0.0123) - 1) < 0.05);
    }

    [Fact]
    public void Analytic_LimitsOfTheFormula()
    {
        Assert.Equal(1 / (1 - 0.8), FrequencyResponse.Analytic(0.8, 1, 1e-9), 1e-6);
        Assert.Equal(1 / (1 + 0.8), FrequencyResponse.Analytic(0.8, 1, 0.5), 1e-12);
        Assert.Equal(0.5 / Math.Sin(Math.PI * 0.1), FrequencyResponse.Analytic(1, 1, 0.1), 1e-12);
        Assert.Equal(1, FrequencyResponse.Analytic(0, 1, 0.3), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void Measure_NoFrequency_Throws(double frequency) => Assert.Throws<ArgumentOutOfRangeException>(() => FrequencyResponse.Measure(new LifOptions(), frequency));
}
