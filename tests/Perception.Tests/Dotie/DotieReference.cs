namespace EdgeAutonomy.Perception.Tests;

/// <summary>The spiking layer of DOTIE written down a second time, plainly and in double precision, from the paper's equations.</summary>
internal sealed class DotieReference(int width, int height, double leak = 0.3)
{
    public double[,] U { get; } = new double[height, width];

    public bool[,] Spikes { get; } = new bool[height, width];

    /// <summary>R = [U > 1]; U ← β(U − R) + I; spike = [U > 1].</summary>
    public void Step(int[,] counts) => Step(counts, (u, i) => leak * (u - (u > 1 ? 1 : 0)) + i);

    /// <summary>The other order, of newer snntorch: U ← βU + I − R.</summary>
    public void StepOtherOrder(int[,] counts) => Step(counts, (u, i) => leak * u + i - (u > 1 ? 1 : 0));

    private void Step(int[,] counts, Func<double, double, double> update)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double input = 0;
                for (int dy = -1; dy <= 1; dy++)
                {
                    for (int dx = -1; dx <= 1; dx++)
                    {
                        if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) continue;
                        input += (dx == 0 && dy == 0 ? 0.20 : 0.15) * Math.Min(255, counts[y + dy, x + dx]);
                    }
                }
                U[y, x] = update(U[y, x], input);
                Spikes[y, x] = U[y, x] > 1 + 1e-6; // "exactly 1" must not be decided by rounding in double
            }
        }
    }
}
