using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests.Attribution;

public class PotentialTests
{
    [Theory]
    [InlineData(0.9, double.PositiveInfinity)]
    [InlineData(0.99, double.PositiveInfinity)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(0.9, 0.5)]
    [InlineData(0.99, 0.5)]
    [InlineData(1, 0.5)]
    public void Shape_AnyContributions_KeepsTheDiscountedReturn(double discount, double most)
    {
        var random = new RandomStream(5);
        for (int run = 0; run < 300; run++)
        {
            int n = 1 + random.NextInt32(60);
            float[] c = [.. Enumerable.Range(0, n).Select(_ => (float)random.NextDouble(-1, 1))], r = [.. Enumerable.Range(0, n).Select(_ => (float)random.NextDouble(-1, 1))];
            double[] s = new double[n + 1], shaped = new double[n];
            PotentialShaping.Sum(c, most, s);
            PotentialShaping.Shape(s, r, discount, terminated: true, shaped);
            double plain = 0, with = 0, stopped = 0, factor = 1;
            for (int t = 0; t < n; t++, factor *= discount)
            {
                plain += factor * r[t];
                with += factor * shaped[t];
            }
            Assert.Equal(plain, with, 1e-9);
            Assert.All(s, x => Assert.InRange(x, -most, most));
            // Stopped from outside: the last potential stays, to be taken back by the bootstrap.
            PotentialShaping.Shape(s, r, discount, terminated: false, shaped);
            factor = 1;
            for (int t = 0; t < n; t++, factor *= discount) stopped += factor * shaped[t];
            Assert.Equal(plain + factor * s[n], stopped, 1e-9);
        }
    }

    [Fact]
    public void Attribute_Untrained_IsTerminal()
    {
        var potential = new PotentialAttributor(new SpaAttributor(Episodes.Shape, new SpaOptions(), 3), 0.99);
        foreach (var t in Episodes.Many(20, 8))
        {
            float[] x = new float[t.Length], y = new float[t.Length], s = new float[t.Length + 1];
            potential.Attribute(t, x);
            new TerminalAttributor().Attribute(t, y);
            potential.Potentials(t, s);
            Assert.Equal(y, x);
            Assert.All(s, v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void Attribute_WithoutDiscount_IsSpaWithTheWholeRestAtTheEnd()
    {
        var spa = new SpaAttributor(Episodes.Shape, new SpaOptions { Hidden = [8] }, 3);
        var potential = new PotentialAttributor(spa, 1, largestReturn: 100);
        potential.Fit(Episodes.Many(20, 3), new FitOptions(20, 4, 1));
        var t = Episodes.Random(12, 5);
        float[] c = new float[12], x = new float[12];
        spa.Estimate(t, c);
        potential.Attribute(t, x);
        // Two roundings to float32 of numbers below 2.
        for (int i = 0; i < 11; i++) Assert.Equal(c[i], x[i], 1e-6f);
        Assert.Equal(c[11] + t.Return - c.Sum(v => (double)v), x[11], 1e-5);
    }

    // A 5 × 5 grid, moves clipped at the walls, two goals worth 1 and 0.6, γ = 0.9. Potential over states (a history of length one): Q* with shaping is Q* − Φ.
    [Fact]
    public void ValueIteration_WithShaping_HasTheSameGreedyActions()
    {
        var random = new RandomStream(11);
        double[] potential = [.. Enumerable.Range(0, 25).Select(s => IsGoal(s) ? 0 : random.NextDouble(-2, 2))];
        double[,] plain = Solve((s, a, next) => Reward(next)), shaped = Solve((s, a, next) => Reward(next) + 0.9 * potential[next] - potential[s]), bonus = Solve((s, a, next) => Reward(next) + (next == s ? 0 : 0.5));
        int changed = 0;
        for (int s = 0; s < 25; s++)
        {
            if (IsGoal(s)) continue;
            for (int a = 0; a < 4; a++) Assert.Equal(plain[s, a] - potential[s], shaped[s, a], 1e-9);
            Assert.Equal(Greedy(plain, s), Greedy(shaped, s));
            changed += Greedy(plain, s) == Greedy(bonus, s) ? 0 : 1;
        }
        // The control: paid for every move that can be carried out, the agent does something else somewhere.
        Assert.True(changed >= 1);

        static bool IsGoal(int s) => s is 4 or 20;
        static double Reward(int next) => next == 4 ? 1 : next == 20 ? 0.6 : 0;
        static int Move(int s, int a) => a switch { 0 => s >= 5 ? s - 5 : s, 1 => s < 20 ? s + 5 : s, 2 => s % 5 > 0 ? s - 1 : s, _ => s % 5 < 4 ? s + 1 : s };
        static string Greedy(double[,] q, int s)
        {
            double best = Enumerable.Range(0, 4).Max(a => q[s, a]);
            return string.Concat(Enumerable.Range(0, 4).Where(a => q[s, a] > best - 1e-7));
        }
        static double[,] Solve(Func<int, int, int, double> reward)
        {
            // 400 sweeps at γ = 0.9: 0.9^400 = 5e-19 of the largest value.
            double[,] q = new double[25, 4];
            for (int sweep = 0; sweep < 400; sweep++)
            {
                for (int s = 0; s < 25; s++)
                {
                    for (int a = 0; a < 4; a++)
                    {
                        int next = Move(s, a);
                        q[s, a] = IsGoal(s) ? 0 : reward(s, a, next) + 0.9 * (IsGoal(next) ? 0 : Enumerable.Range(0, 4).Max(b => q[next, b]));
                    }
                }
            }
            return q;
        }
    }
}
