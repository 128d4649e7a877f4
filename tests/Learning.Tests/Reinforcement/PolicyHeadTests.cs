using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>Distributions over actions: their gradients against differences, their draws against their probabilities.</summary>
public sealed class PolicyHeadTests
{
    // Outputs are float32: central differences over ± 2⁻⁸ lose (2⁻⁸)²/6·f‴ and 2⁻²⁴/2⁻⁸ of rounding, both below 1e-4.
    private const float H = 1f / 256;
    private const double Tolerance = 3e-4;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Categorical_RandomLogits_GradientsAgree(bool masked)
    {
        var random = new RandomStream(1);
        var head = new CategoricalHead(5);
        for (int turn = 0; turn < 50; turn++)
        {
            float[] outputs = Draw(random, 5), gradient = new float[5];
            bool[] allowed = masked ? [true, turn % 2 == 0, true, false, true] : [];
            float[] action = [new float[] { 0, 2, 4 }[turn % 3]];
            double byLog = random.NextDouble(-1, 1), byEntropy = random.NextDouble(-1, 1);
            double Loss()
            {
                var (log, entropy) = head.Measure(outputs, allowed, action);
                return byLog * log + byEntropy * entropy;
            }
            Loss();
            head.Gradient(outputs, action, byLog, byEntropy, gradient);
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(Difference(outputs, i, Loss), gradient[i], Tolerance);
                if (masked && !allowed[i]) Assert.Equal(0, gradient[i]);
            }
        }
    }

    [Fact]
    public void Gaussian_RandomMeans_GradientsOfMeansAndSpreadsAgree()
    {
        var random = new RandomStream(2);
        var head = new GaussianHead(3);
        for (int turn = 0; turn < 50; turn++)
        {
            float[] outputs = Draw(random, 3), action = Draw(random, 3), gradient = new float[3], spread = head.Parameters[0].Value;
            for (int i = 0; i < 3; i++) spread[i] = (float)random.NextDouble(-0.5, 0.5);
            double byLog = random.NextDouble(-1, 1), byEntropy = random.NextDouble(-1, 1);
            double Loss()
            {
                var (log, entropy) = head.Measure(outputs, default, action);
                return byLog * log + byEntropy * entropy;
            }
            Array.Clear(head.Parameters[0].Gradient);
            head.Gradient(outputs, action, byLog, byEntropy, gradient);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(Difference(outputs, i, Loss), gradient[i], Tolerance);
                Assert.Equal(Difference(spread, i, Loss), head.Parameters[0].Gradient[i], 10 * Tolerance); // the third derivative of e^−2s·z² is that much larger
            }
        }
    }

    [Fact]
    public void Draw_Categorical_FollowsTheProbabilitiesAndNeverTheMask()
    {
        var random = new RandomStream(3);
        var head = new CategoricalHead(4);
        float[] outputs = [0, MathF.Log(2), 5, MathF.Log(3)], action = new float[1];
        bool[] allowed = [true, true, false, true];
        var counts = new int[4];
        const int Draws = 100_000;
        for (int i = 0; i < Draws; i++)
        {
            double log = head.Draw(random, outputs, allowed, action);
            counts[(int)action[0]]++;
            Assert.Equal(Math.Log(new[] { 1, 2, 0, 3 }[(int)action[0]] / 6.0), log, 1e-6);
        }
        Assert.Equal(0, counts[2]);
        // Five standard errors of a share of 100 000.
        foreach (int i in (int[])[0, 1, 3]) Assert.Equal(new[] { 1, 2, 0, 3 }[i] / 6.0, counts[i] / (double)Draws, 0.008);
        head.Best(outputs, allowed, action);
        Assert.Equal(3, action[0]);
    }

    [Fact]
    public void Draw_Gaussian_HasItsDensity()
    {
        var random = new RandomStream(4);
        var head = new GaussianHead(1);
        head.Parameters[0].Value[0] = MathF.Log(0.5f);
        var action = new float[1];
        double sum = 0, squares = 0;
        for (int i = 0; i < 100_000; i++)
        {
            double log = head.Draw(random, [2], default, action), z = (action[0] - 2) / 0.5;
            Assert.Equal(-0.5 * z * z - Math.Log(0.5) - 0.5 * Math.Log(2 * Math.PI), log, 1e-5);
            sum += action[0];
            squares += z * z;
        }
        Assert.Equal(2, sum / 100_000, 0.008); // five standard errors
        Assert.Equal(1, squares / 100_000, 0.023);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Squashed_FixedNoise_GradientsAgree(int rungs)
    {
        const int Width = 2;
        var random = new RandomStream(5);
        int outputs = rungs * 2 * Width + (rungs > 1 ? rungs : 0);
        var draw = new SquashedDraw(1, rungs, Width);
        for (int turn = 0; turn < 20; turn++)
        {
            float[] x = Draw(random, outputs), byAction = Draw(random, Width), gradient = new float[2 * Width];
            int row = turn % rungs;
            // Small spreads: close to ± 1 the space 1 − a² is left with few digits of float32, and differences show only those.
            for (int k = 0; k < rungs; k++)
            {
                for (int i = 0; i < Width; i++) x[k * 2 * Width + Width + i] -= 1.5f;
            }
            double byDensity = random.NextDouble(-1, 1);
            double Loss()
            {
                draw.Run(new RandomStream((ulong)turn), x, default); // the same noise each time
                double sum = byDensity * draw.LogDensity[row];
                for (int i = 0; i < Width; i++) sum += byAction[i] * draw.Actions[row * Width + i];
                return sum;
            }
            Loss();
            draw.Gradient(row, byAction, byDensity, x.AsSpan(row * 2 * Width, 2 * Width), gradient);
            // A hundredth is what differences of float32 can show here.
            for (int i = 0; i < 2 * Width; i++)
            {
                double expected = Difference(x, row * 2 * Width + i, Loss);
                Assert.True(Math.Abs(expected - gradient[i]) < 0.01 * (1 + Math.Abs(expected)), $"{i}: {expected}, {gradient[i]}");
            }
        }
    }

    [Fact]
    public void Squashed_Mask_LeavesNoProbability()
    {
        var draw = new SquashedDraw(2, 3, 1);
        draw.Run(new RandomStream(1), [0, 0, 0, 0, 0, 0, 1, 9, 2, 0, 0, 0, 0, 0, 0, 1, 1, 1], [true, false, true, false, false, true]);
        Assert.Equal(0, draw.Probability[1]);
        Assert.Equal(1, draw.Probability[0] + draw.Probability[2], 1e-12);
        Assert.Equal(Math.E / (1 + Math.E), draw.Probability[2], 1e-12);
        Assert.Equal([0, 0, 1], draw.Probability[3..]);
        var random = new RandomStream(7);
        for (int i = 0; i < 100_000; i++)
        {
            Assert.NotEqual(1, draw.Rung(random, 0));
            Assert.Equal(2, draw.Rung(random, 1));
        }
    }

    private static double Difference(float[] values, int i, Func<double> f)
    {
        float keep = values[i];
        values[i] = keep + H;
        double up = f(), right = values[i];
        values[i] = keep - H;
        double down = f(), left = values[i];
        values[i] = keep;
        return (up - down) / (right - left);
    }

    private static float[] Draw(RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble(-1, 1))];
}
