using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Learning.Tests;

public sealed class HermiteBatchTests
{
    public static TheoryData<OrbitWidth, int> Sizes()
    {
        var data = new TheoryData<OrbitWidth, int>();
        foreach (OrbitWidth width in Enum.GetValues<OrbitWidth>())
        {
            foreach (int count in new[] { 0, 1, 7, 8, 29 }) data.Add(width, count);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Advance_AnyWidth_GivesTheBitsOfTheSingleIntegrator(OrbitWidth width, int count)
    {
        var batch = new HermiteBatch(width: width);
        var single = new HermiteIntegrator();
        var random = new RandomStream(5);
        var states = new ThreeBodyState[count];
        for (int i = 0; i < count; i++) states[i] = ThreeBodySystem.FromSeed((uint)i);
        ThreeBodyState[] expected = [.. states];
        var ends = new double[count];
        var parameters = new double[count];
        var results = new IntegrationResult[count];
        for (int check = 1; check <= 60; check++)
        {
            for (int i = 0; i < count; i++)
            {
                ends[i] = check * ThreeBodySystem.CheckStep;
                parameters[i] = random.NextDouble(0.003, 0.1);
            }
            batch.Advance(states, ends, parameters, results);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(single.Advance(ref expected[i], ends[i], parameters[i]), results[i]);
                Assert.Equal(expected[i], states[i]);
            }
        }
    }

    [Theory]
    [InlineData(OrbitWidth.One)]
    [InlineData(OrbitWidth.Two)]
    [InlineData(OrbitWidth.Four)]
    [InlineData(OrbitWidth.Eight)]
    public void Advance_ASystemThatStopsEarly_LeavesTheOthersAlone(OrbitWidth width)
    {
        var batch = new HermiteBatch(maxSteps: 5000, width: width);
        var single = new HermiteIntegrator(new HermiteOptions { MaxSteps = 5000 });
        ThreeBodyState collision = new() { M0 = 1, M1 = 1, M2 = 1, X0 = -1, X1 = 1 };
        ThreeBodyState[] states = [ThreeBodySystem.FromSeed(0), collision, ThreeBodySystem.FromSeed(1), Orbits.Lagrange(), ThreeBodySystem.FromSeed(2)];
        ThreeBodyState[] expected = [.. states];
        double[] ends = [20, 100, 1e9, 6, -1];
        double[] parameters = [0.01, 0.01, 0.001, 0.02, 0.1];
        var results = new IntegrationResult[5];
        batch.Advance(states, ends, parameters, results);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(single.Advance(ref expected[i], ends[i], parameters[i]), results[i]);
            Assert.Equal(expected[i], states[i]);
        }
        Assert.NotEqual(IntegrationOutcome.Reached, results[1].Outcome);
        Assert.Equal(IntegrationOutcome.StepLimit, results[2].Outcome);
        Assert.Equal(IntegrationOutcome.Reached, results[3].Outcome);
    }

    [Fact]
    public void Advance_AfterWarmUp_AllocatesNothing()
    {
        var batch = new HermiteBatch();
        var states = new ThreeBodyState[10];
        double[] ends = [.. Enumerable.Repeat(1.0, 10)], parameters = [.. Enumerable.Repeat(0.05, 10)];
        var results = new IntegrationResult[10];
        var generator = new LegacyUniform(0);
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 10; i++) states[i] = ThreeBodySystem.FromSeed((uint)i, generator);
            batch.Advance(states, ends, parameters, results);
        });
    }

    [Fact]
    public void Advance_BadInput_IsRefusedBeforeAnyStateMoves()
    {
        var batch = new HermiteBatch();
        ThreeBodyState[] states = [ThreeBodySystem.FromSeed(0), ThreeBodySystem.FromSeed(1)];
        var results = new IntegrationResult[2];
        Assert.Throws<ArgumentException>(() => batch.Advance(states, [1], [0.1, 0.1], results));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Advance(states, [1, 1], [0.1, 0], results));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Advance(states, [1, double.NaN], [0.1, 0.1], results));
        Assert.Equal(ThreeBodySystem.FromSeed(0), states[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HermiteBatch(overshoot: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HermiteBatch(width: (OrbitWidth)9));
    }
}
