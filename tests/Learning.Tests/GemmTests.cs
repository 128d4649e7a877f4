namespace EdgeAutonomy.Learning.Tests;

public sealed class GemmTests
{
    public static TheoryData<int, int, int, bool, bool> Shapes
    {
        get
        {
            var data = new TheoryData<int, int, int, bool, bool>();
            foreach (var (m, n, k) in ((int, int, int)[])[(1, 1, 1), (7, 5, 3), (8, 32, 16), (9, 33, 17), (16, 16, 40), (23, 47, 1100), (40, 10, 64), (3, 70, 513), (2, 130, 20), (4, 66, 9), (64, 64, 64)])
            {
                foreach (bool ta in (bool[])[false, true])
                {
                    foreach (bool tb in (bool[])[false, true]) data.Add(m, n, k, ta, tb);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_EveryWidth_IsTheChainOfFusedSumsBitForBit(int m, int n, int k, bool ta, bool tb)
    {
        float[] a = Draw(1, m * k), b = Draw(2, k * n), start = Draw(3, m * n), expected = (float[])start.Clone();
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int p = 0; p < k; p++) expected[i * n + j] = MathF.FusedMultiplyAdd(a[ta ? p * m + i : i * k + p], b[tb ? j * k + p : p * n + j], expected[i * n + j]);
            }
        }
        foreach (int bits in (int[])[512, 256, 128])
        {
            var c = (float[])start.Clone();
            var x = ta ? new Matrix<float>(a, k, m).Transposed : new Matrix<float>(a, m, k);
            var y = tb ? new Matrix<float>(b, n, k).Transposed : new Matrix<float>(b, k, n);
            new Gemm<float>(bits).Multiply(x, y, c, accumulate: true);
            Assert.Equal(expected, c);
        }
    }

    [Fact]
    public void Multiply_Double_IsTheNaiveSum()
    {
        const int M = 11, N = 19, K = 30;
        double[] a = GradientCheck.Draw(new CounterRandom(1), M * K, -1, 1), b = GradientCheck.Draw(new CounterRandom(2), K * N, -1, 1), c = new double[M * N];
        c.AsSpan().Fill(99); // not accumulated: must be overwritten
        new Gemm<double>().Multiply(new Matrix<double>(a, M, K), new Matrix<double>(b, K, N), c);
        for (int i = 0; i < M; i++)
        {
            for (int j = 0; j < N; j++)
            {
                double sum = 0;
                for (int p = 0; p < K; p++) sum += a[i * K + p] * b[p * N + j];
                Assert.Equal(sum, c[i * N + j], 1e-14); // 30 products of at most 1: the naive sum rounds each, the fused one half as often
            }
        }
    }

    [Fact]
    public void Multiply_ShapesDoNotFit_Throws()
    {
        var gemm = new Gemm<float>();
        Assert.Throws<ArgumentException>(() => gemm.Multiply(new Matrix<float>(new float[6], 2, 3), new Matrix<float>(new float[8], 4, 2), new float[4]));
        Assert.Throws<ArgumentException>(() => gemm.Multiply(new Matrix<float>(new float[6], 2, 3), new Matrix<float>(new float[6], 3, 2), new float[3]));
        Assert.Throws<ArgumentException>(() => { _ = new Matrix<float>(new float[5], 2, 3); });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Sparse_EveryActivity_EqualsDenseBitForBit(double activity)
    {
        var random = new CounterRandom(8);
        foreach (var (m, k, n) in ((int, int, int)[])[(13, 37, 5), (40, 150, 64), (9, 64, 83), (30, 20, 10)])
        {
            float[] a = Draw(4, m * k), b = Draw(5, k * n), d = Draw(6, m * n), dense = new float[m * n], sparse = new float[m * n];
            for (int i = 0; i < a.Length; i++) a[i] = random.Uniform((ulong)i) < activity ? (i % 3 == 0 ? 2 : 1) : 0;
            Assert.Equal(activity, SparseProduct<float>.Activity(a), 0.1);
            new Gemm<float>().Multiply(new Matrix<float>(a, m, k), new Matrix<float>(b, k, n), dense);
            new SparseProduct<float>().Multiply(a, m, k, b, n, sparse);
            Assert.Equal(dense, sparse);
            float[] denseGradient = Draw(7, k * n), sparseGradient = (float[])denseGradient.Clone();
            new Gemm<float>().Multiply(new Matrix<float>(a, m, k).Transposed, new Matrix<float>(d, m, n), denseGradient, accumulate: true);
            new SparseProduct<float>().AddTransposed(a, m, k, d, n, sparseGradient);
            Assert.Equal(denseGradient, sparseGradient);
        }
    }

    [Fact]
    public void CounterRandom_KeysAndCounters_AreUnrelated()
    {
        var seen = new HashSet<ulong>();
        for (ulong key = 0; key < 50; key++)
        {
            for (ulong i = 0; i < 50; i++) Assert.True(seen.Add(new CounterRandom(3).For(key).Bits(i)));
        }
        double mean = Enumerable.Range(0, 10_000).Average(i => new CounterRandom(1).Uniform((ulong)i));
        Assert.Equal(0.5, mean, 0.012); // four standard errors of 10,000 uniform numbers
        var order = new int[100];
        new CounterRandom(1).Shuffle(order);
        Assert.Equal(Enumerable.Range(0, 100), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 100), order);
    }

    private static float[] Draw(ulong seed, int count) => Array.ConvertAll(GradientCheck.Draw(new CounterRandom(seed), count, -1, 1), v => (float)v);
}
