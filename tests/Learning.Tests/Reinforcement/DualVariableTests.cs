using System.Buffers;

namespace EdgeAutonomy.Learning.Tests;

public sealed class DualVariableTests
{
    [Fact]
    public void Add_BanditWithKnownTradeOff_ConvergesToItsPrice()
    {
        // Power p earns √p: the best p at price λ is 1/(4λ²). For a budget of 4 W the price is 1/(2·√4) = 0.25.
        var dual = new DualVariable(new EnergyBudget { Watts = 4, Rate = 0.01, BlockSteps = 1 });
        for (int i = 0; i < 2000; i++) dual.Add(Math.Min(100, 1 / (4 * dual.Price * dual.Price)), 1);
        Assert.Equal(0.25, dual.Price, 1e-4);
        Assert.Equal(4, dual.Power, 0.01);
    }

    [Fact]
    public void Add_AnyEnergies_NeverBelowZeroAndNeverFasterThanTheBound()
    {
        var random = new Runtime.RandomStream(1);
        var budget = new EnergyBudget { Watts = 1, Rate = 0.05, BlockSteps = 3 };
        var dual = new DualVariable(budget);
        for (int i = 0; i < 5000; i++)
        {
            double before = dual.Price;
            dual.Add(random.NextDouble(0, i < 1000 ? 4 : 0.1), 0.5);
            Assert.True(dual.Price >= 0 && Math.Abs(dual.Price - before) <= Math.Max(0.1 * before, 1e-3) * (1 + 1e-12));
            if (i % 3 != 2) Assert.Equal(before, dual.Price);
        }
        Assert.Equal(0, dual.Price); // far below the budget in the end
    }

    [Fact]
    public void Add_NoBudget_KeepsThePriceAndMeasuresThePower()
    {
        var dual = new DualVariable(new EnergyBudget { Price = 0.5, BlockSteps = 2 });
        dual.Add(3, 1);
        Assert.True(double.IsNaN(dual.Power));
        dual.Add(1, 1);
        Assert.Equal((0.5, 2), (dual.Price, dual.Power));
    }

    [Fact]
    public void Thaw_InTheMiddleOfABlock_GoesOn()
    {
        var budget = new EnergyBudget { Watts = 1, BlockSteps = 10 };
        var (a, b) = (new DualVariable(budget), new DualVariable(budget));
        for (int i = 0; i < 25; i++) a.Add(2, 1);
        var frozen = new ArrayBufferWriter<byte>();
        a.Freeze(frozen);
        b.Thaw(frozen.WrittenSpan);
        for (int i = 0; i < 20; i++)
        {
            a.Add(3, 1);
            b.Add(3, 1);
            Assert.Equal(a.Price, b.Price);
        }
        byte[] damaged = frozen.WrittenSpan.ToArray();
        BitConverter.GetBytes(-1.0).CopyTo(damaged, 0);
        Assert.Throws<InvalidDataException>(() => b.Thaw(damaged));
        Assert.Throws<InvalidDataException>(() => b.Thaw(frozen.WrittenSpan[..^1]));
    }

    [Fact]
    public void Constructor_WrongSettings_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DualVariable(new EnergyBudget { Watts = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DualVariable(new EnergyBudget { Rate = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DualVariable(new EnergyBudget { SmallestBound = 0 }));
        Assert.Throws<ArgumentException>(() => new DualVariable(new EnergyBudget()).Add(double.NaN, 1));
    }

    [Fact]
    public void Train_EnergyPrice_ShiftsTheChoiceAndStoredTransitionsStayRight()
    {
        // Action 1 earns 1 and takes 2 J, action 0 earns 0.5 and takes none: 0.25 per J is where they are equal.
        var options = new DoubleDqnOptions { Hidden = [8], LearningRate = 5e-3, BatchSize = 16, ReplayCapacity = 500, LearningStarts = 50, TargetShare = 0.05, Discount = 0, ExplorationEnd = 1 };
        foreach (double price in (double[])[0, 0.2, 0.3, 1])
        {
            var agent = new DoubleDqn(new VectorEnvironment(new TwoArms()), options with { Energy = new EnergyBudget { Price = price } }, 1);
            agent.Train(1500);
            var values = agent.Policy.Values([1], 1);
            Assert.Equal(0.5, values[0], 0.05);
            Assert.Equal(1 - 2 * price, values[1], 0.05);
        }
    }

    private sealed class TwoArms : IEnvironment
    {
        public string Name => "Arms-v0";

        public BoxSpace ObservationSpace { get; } = new([1], [1]);

        public Space ActionSpace { get; } = new DiscreteSpace(2);

        public double TickSeconds => 1;

        public void Reset(ulong seed, Span<float> observation) => observation[0] = 1;

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            observation[0] = 1;
            return action[0] == 1 ? new StepResult(1, true, false, 1, 2) : new StepResult(0.5, true, false);
        }

        public void Freeze(IBufferWriter<byte> writer)
        {
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
        }
    }
}
