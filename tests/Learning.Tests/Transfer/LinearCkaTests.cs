namespace EdgeAutonomy.Learning.Tests;

public sealed class LinearCkaTests
{
    private const int Samples = 40;

    [Fact]
    public void Of_ItselfShiftedAndScaled_IsOne()
    {
        float[] x = Draw(1, Samples * 7), y = Array.ConvertAll(x, v => 3 * v + 5);
        // float32 features, float64 sums: rounding of the features alone.
        Assert.Equal(1, LinearCka.Of(x, x, Samples), 1e-12);
        Assert.Equal(1, LinearCka.Of(x, y, Samples), 1e-6);
    }

    [Fact]
    public void Of_OrthogonalMap_ChangesNothing()
    {
        float[] x = Draw(1, Samples * 6), y = Draw(2, Samples * 4), turned = new float[x.Length];
        double[,] q = Orthogonal(6);
        for (int i = 0; i < Samples; i++)
        {
            for (int f = 0; f < 6; f++)
            {
                double sum = 0;
                for (int g = 0; g < 6; g++) sum += q[f, g] * x[i * 6 + g];
                turned[i * 6 + f] = (float)sum;
            }
        }
        Assert.Equal(1, LinearCka.Of(x, turned, Samples), 1e-6);
        Assert.Equal(LinearCka.Of(x, y, Samples), LinearCka.Of(turned, y, Samples), 1e-6);
        // Not any linear map leaves it: a stretch of one axis must be seen.
        float[] stretched = [.. x.Select((v, i) => i % 6 == 0 ? 10 * v : v)];
        Assert.True(LinearCka.Of(x, stretched, Samples) < 0.9);
    }

    [Fact]
    public void Of_Swapped_IsTheSame()
    {
        float[] x = Draw(1, Samples * 6), y = Draw(2, Samples * 4);
        Assert.Equal(LinearCka.Of(x, y, Samples), LinearCka.Of(y, x, Samples), 1e-12);
    }

    [Fact]
    public void Of_CrossCovarianceForm_Agrees()
    {
        // The definition on columns, against the Gram form of the implementation.
        float[] x = Draw(3, Samples * 3), y = [.. Draw(4, Samples * 2).Select((v, i) => v + x[i / 2 * 3 + i % 2])];
        double[] cx = Centred(x, 3), cy = Centred(y, 2);
        double expected = Cross(cy, 2, cx, 3) / Math.Sqrt(Cross(cx, 3, cx, 3) * Cross(cy, 2, cy, 2));
        Assert.Equal(expected, LinearCka.Of(x, y, Samples), 1e-12);
    }

    [Fact]
    public void Of_UnrelatedFeatures_Small_Constant_Zero()
    {
        const int Many = 1000;
        Assert.InRange(LinearCka.Of(Draw(1, Many * 4), Draw(2, Many * 4), Many), 0, 0.02);
        Assert.Equal(0, LinearCka.Of(new float[Many], Draw(2, Many), Many));
    }

    [Fact]
    public void Of_SizesThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentException>(() => LinearCka.Of(new float[7], new float[6], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearCka.Of(new float[1], new float[1], 1));
    }

    private static float[] Draw(ulong seed, int count) => [.. Enumerable.Range(0, count).Select(i => (float)new CounterRandom(seed).Uniform((ulong)i, -1, 1))];

    private static double[] Centred(float[] x, int n)
    {
        var c = new double[x.Length];
        for (int f = 0; f < n; f++)
        {
            double mean = Enumerable.Range(0, Samples).Average(i => (double)x[i * n + f]);
            for (int i = 0; i < Samples; i++) c[i * n + f] = x[i * n + f] - mean;
        }
        return c;
    }

    // Squared Frobenius norm of AᵀB.
    private static double Cross(double[] a, int n, double[] b, int m)
    {
        double sum = 0;
        for (int f = 0; f < n; f++)
        {
            for (int g = 0; g < m; g++)
            {
                double dot = Enumerable.Range(0, Samples).Sum(i => a[i * n + f] * b[i * m + g]);
                sum += dot * dot;
            }
        }
        return sum;
    }

    private static double[,] Orthogonal(int n)
    {
        var q = new double[n, n];
        float[] raw = Draw(9, n * n);
        for (int r = 0; r < n; r++)
        {
            for (int c = 0; c < n; c++) q[r, c] = raw[r * n + c];
            for (int p = 0; p < r; p++)
            {
                double dot = Enumerable.Range(0, n).Sum(c => q[r, c] * q[p, c]);
                for (int c = 0; c < n; c++) q[r, c] -= dot * q[p, c];
            }
            double norm = Math.Sqrt(Enumerable.Range(0, n).Sum(c => q[r, c] * q[r, c]));
            for (int c = 0; c < n; c++) q[r, c] /= norm;
        }
        return q;
    }
}
