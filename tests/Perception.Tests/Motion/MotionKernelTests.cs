namespace EdgeAutonomy.Perception.Tests;

public class MotionKernelTests
{
    private static readonly MotionShape Shape = new();

    [Fact]
    public void Constructor_AnyWeights_NoSumOfQuantaLeavesSixteenBits()
    {
        foreach (int n in (int[])[1, 50, 3000])
        {
            var kernel = MotionScenes.RandomKernel((ulong)n, n);
            var sums = new long[Shape.Classes];
            foreach (var s in kernel.Synapses) sums[s.Class] += Math.Abs(kernel.Quanta(s.Weight));
            Assert.InRange(sums.Max(), 1, short.MaxValue);
        }
    }

    [Fact]
    public void Constructor_Weights_AreRoundedByHalfAQuantumAtMost()
    {
        var given = new MotionSynapse(3, 1, 5, -2, 4, 0.123456f);
        var kernel = new MotionKernel(Shape, [given], new float[36]);
        Assert.InRange(Math.Abs(kernel.Synapses[0].Weight - given.Weight), 0, 0.5f * kernel.Quantum);
        Assert.Equal(given with { Weight = kernel.Synapses[0].Weight }, kernel.Synapses[0]);
    }

    [Theory]
    [InlineData(36, 0, 0, 0, 0, 1f, "class")]
    [InlineData(0, 2, 0, 0, 0, 1f, "channel")]
    [InlineData(0, 0, 12, 0, 0, 1f, "delay")]
    [InlineData(0, 0, 0, -5, 0, 1f, "pixels")]
    [InlineData(0, 0, 0, 0, int.MinValue, 1f, "pixels")]
    [InlineData(0, 0, 0, 0, 0, float.NaN, "weight")]
    [InlineData(0, 0, 0, 0, 0, float.PositiveInfinity, "weight")]
    public void Constructor_SynapseOutside_SaysWhichRule(int motion, int channel, int delay, int dx, int dy, float weight, string rule)
    {
        var error = Assert.Throws<ArgumentException>(() => new MotionKernel(Shape, [new MotionSynapse(motion, channel, delay, dx, dy, weight)], new float[36]));
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_SynapseTwice_IsRefused()
    {
        var s = new MotionSynapse(1, 0, 2, 1, 1, 0.5f);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new MotionKernel(Shape, [s, s with { Weight = 1 }], new float[36])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_BiasOrGainWrong_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new MotionKernel(Shape, [], new float[35]));
        Assert.Throws<ArgumentException>(() => new MotionKernel(Shape, [], [.. new float[35], float.NaN]));
        Assert.Throws<ArgumentException>(() => new MotionKernel(Shape, [], new float[36], 0));
        Assert.Throws<ArgumentException>(() => new MotionKernel(Shape, [], new float[36], float.NaN));
    }

    [Fact]
    public void Shape_OutOfRange_NamesTheValue()
    {
        foreach (var (shape, name) in (IEnumerable<(MotionShape, string)>)
            [
                (new MotionShape { Depth = 17 }, "Depth"), (new MotionShape { Radius = 8 }, "Radius"), (new MotionShape { Directions = 3 }, "Directions"),
                (new MotionShape { Speeds = [1, 1] }, "Speeds[1]"), (new MotionShape { Speeds = [] }, "Speeds"), (new MotionShape { Directions = 36, Speeds = [1, 2, 3, 4] }, "Classes"), (new MotionShape { StepUs = 0 }, "StepUs"),
            ])
        {
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(shape.Validate).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Synapse_EveryInput_IsItsOwnInverse()
    {
        for (int input = 0; input < Shape.Inputs; input++)
        {
            var s = Shape.Synapse(7, input, 1);
            Assert.Equal(input, Shape.Input(s.Channel, s.Delay, s.Dx, s.Dy));
        }
    }

    // The rows of the table are summed by vectors of several widths; whole numbers make them agree exactly.
    [Theory]
    [InlineData(12, 3)]
    [InlineData(12, 1)]
    [InlineData(8, 1)]
    [InlineData(30, 4)]
    [InlineData(16, 4)]
    public void SynapseTable_AddVector_EqualsScalar(int directions, int speeds)
    {
        var shape = new MotionShape { Directions = directions, Speeds = [.. Enumerable.Range(1, speeds).Select(s => 0.5f * s)] };
        var table = new SynapseTable(MotionScenes.RandomKernel(1, 2000, shape));
        var random = new EdgeAutonomy.Runtime.RandomStream(2);
        int[] vector = new int[table.Stride], scalar = new int[table.Stride];
        for (int round = 0; round < 50; round++)
        {
            var taps = Enumerable.Range(0, table.Taps).Where(_ => random.NextInt32(4) == 0).Select(t => (ushort)t).ToArray();
            table.Add(taps, taps.Length, ref vector[0]);
            table.AddScalar(taps, taps.Length, scalar);
            Assert.Equal(scalar, vector);
        }
    }
}
