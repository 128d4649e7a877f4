using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class ModelEnergyMeterTests
{
    private static readonly ModelEnergyOptions Options = new()
    {
        SensorWatt = 0.1f,
        ItemNanojoule = 20,
        IdleWatt = 2,
        BusyWatt = 4,
        ActuatorIdleWatt = 0.5f,
        ActuatorWatt = 8,
    };

    [Fact]
    public void Read_OneCycle_FollowsTheFormula()
    {
        var energy = new ModelEnergyMeter(Options).Read(new EnergyLoad
        {
            Dt = Duration.FromMilliseconds(10),
            Busy = Duration.FromMilliseconds(1),
            Items = 500,
            Effort = 0.25f,
        });
        // 0.1 W · 10 ms + 500 · 20 nJ; 2 W · 10 ms + 4 W · 1 ms; (0.5 + 8/4) W · 10 ms. One float rounding each.
        Assert.Equal(1000 + 10, energy.SenseMicrojoule, 1e-3);
        Assert.Equal(20_000 + 4000, energy.ComputeMicrojoule, 1e-2);
        Assert.Equal(25_000, energy.ActuateMicrojoule, 1e-2);
        Assert.Equal(1010 + 24_000 + 25_000, energy.TotalMicrojoule, 1e-2);
    }

    [Fact]
    public void Read_SensorReportsItsEnergy_ItReplacesTheItems()
    {
        var energy = new ModelEnergyMeter(Options).Read(new EnergyLoad { Items = 500, SensorMicrojoule = 7 });
        Assert.Equal(new Energy(7, 0, 0), energy);
    }

    [Fact]
    public void Read_TimeCutIntoAnyCycles_AddsUpToTheSame()
    {
        var meter = new ModelEnergyMeter(Options);
        var whole = meter.Read(new EnergyLoad { Dt = Duration.FromMilliseconds(32), Busy = Duration.FromMilliseconds(8), Items = 3200, Effort = 1 });
        var sum = default(Energy);
        for (int i = 0; i < 32; i++)
        {
            sum += meter.Read(new EnergyLoad { Dt = Duration.FromMilliseconds(1), Busy = Duration.FromMicroseconds(250), Items = 100, Effort = 1 });
        }
        Assert.Equal(whole.TotalMicrojoule, sum.TotalMicrojoule, whole.TotalMicrojoule * 1e-5); // 32 float additions
    }

    [Fact]
    public void Read_ImpossibleLoad_CountsAsNothing()
    {
        var energy = new ModelEnergyMeter(Options).Read(new EnergyLoad { Dt = new Duration(-5), Busy = new Duration(-5), Effort = float.NaN });
        Assert.Equal(default, energy);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Constructor_ConstantOutOfRange_NamesIt(float value)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new ModelEnergyMeter(new ModelEnergyOptions { BusyWatt = value }));
        Assert.Contains("BusyWatt", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        IEnergyMeter meter = new ModelEnergyMeter();
        Allocations.AssertNone(() => meter.Read(new EnergyLoad { Dt = new Duration(1000), Items = 3 }));
    }
}
