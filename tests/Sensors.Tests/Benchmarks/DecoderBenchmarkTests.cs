namespace EdgeAutonomy.Sensors.Tests;

public class DecoderBenchmarkTests
{
    [Theory]
    [InlineData(EventFormat.Evt2)]
    [InlineData(EventFormat.Evt3)]
    [InlineData(EventFormat.Nmnist)]
    public void Run_SmallInput_DecodesAllOfIt(EventFormat format)
    {
        var figures = DecoderBenchmark.Run(format, events: 1_100_000, repetitions: 2, TimeProvider.System);
        Assert.Equal(2 << 20, figures.Events);
        Assert.InRange(figures.MedianMillionPerSecond, figures.MinMillionPerSecond, figures.MaxMillionPerSecond);
        Assert.InRange(figures.BytesPerEvent, 1, 6);
    }

    [Fact]
    public void Run_PayloadWithoutEvents_IsRefused() =>
        Assert.Throws<ArgumentException>(() => DecoderBenchmark.Run(EventFormat.Evt3, new byte[100], 10, 10, 100, 1, TimeProvider.System));
}
