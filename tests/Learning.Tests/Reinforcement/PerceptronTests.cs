using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public sealed class PerceptronTests
{
    [Theory]
    [InlineData(4, 64)]
    [InlineData(64, 2)]
    [InlineData(9, 9)]
    public void Orthogonal_EveryShape_HasOrthogonalVectorsOfTheGain(int inputs, int outputs)
    {
        var network = Perceptron.Build(inputs, [outputs], 1, Activation.Tanh, "head");
        Perceptron.Orthogonal(network, new RandomStream(1), headGain: 0.01);
        float[] w = network.Parameters[0].Value;
        int vectors = Math.Min(inputs, outputs), length = Math.Max(inputs, outputs);
        float At(int v, int i) => inputs <= outputs ? w[v * outputs + i] : w[i * outputs + v];
        for (int a = 0; a < vectors; a++)
        {
            for (int b = 0; b < vectors; b++) Assert.Equal(a == b ? 2 : 0, Enumerable.Range(0, length).Sum(i => (double)At(a, i) * At(b, i)), 1e-5);
        }
        Assert.Equal(0.01, Math.Sqrt(network.Parameters[2].Value.Sum(x => (double)x * x)), 1e-6);
        Assert.All(network.Parameters[1].Value, x => Assert.Equal(0, x));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(1003)]
    public void SquaredSum_AnyLength_EqualsItsScalarTwin(int count)
    {
        var random = new RandomStream(2);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
        Assert.Equal(GradientNorm.SquaredSumScalar(x), GradientNorm.SquaredSum(x));
        Assert.Equal(x.Sum(v => (double)v * v), GradientNorm.SquaredSum(x), 1e-9);
    }

    [Fact]
    public void Clip_NormAboveTheBound_ScalesToIt()
    {
        var parameters = new[] { new Parameter<float>("a", 20), new Parameter<float>("b", 3) };
        foreach (var p in parameters) Array.Fill(p.Gradient, 2);
        Assert.Equal(Math.Sqrt(92), GradientNorm.Clip(parameters, 1), 1e-12);
        Assert.Equal(1, GradientNorm.Clip(parameters, double.PositiveInfinity), 1e-6);
        Assert.Equal(1, GradientNorm.Clip(parameters, 2), 1e-6);
    }

    [Fact]
    public void Scale_ManyVectors_HasMeanZeroAndDeviationOne()
    {
        var random = new RandomStream(3);
        float[] rows = [.. Enumerable.Range(0, 3000).Select(i => i % 3 == 2 ? 7 : (float)(5 + (i % 3 + 1) * random.NextGaussian()))], scaled = new float[3000];
        var moments = new RunningMoments(3);
        moments.Add(rows.AsSpan(0, 900));
        moments.Add(rows.AsSpan(900));
        moments.Scale(rows, scaled);
        for (int k = 0; k < 3; k++)
        {
            double[] column = [.. Enumerable.Range(0, 1000).Select(i => (double)scaled[i * 3 + k])];
            Assert.Equal(0, column.Average(), 1e-6);
            Assert.Equal(k == 2 ? 0 : 1, column.Sum(x => x * x) / 1000, 1e-5);
        }
        var frozen = new ArrayBufferWriter<byte>();
        moments.Freeze(frozen);
        var other = new RunningMoments(3);
        other.Thaw(frozen.WrittenSpan);
        Assert.Equal(moments.Mean.ToArray(), other.Mean.ToArray());
        byte[] damaged = frozen.WrittenSpan.ToArray();
        BitConverter.GetBytes(double.NaN).CopyTo(damaged, 12);
        Assert.Throws<InvalidDataException>(() => other.Thaw(damaged));
    }
}
