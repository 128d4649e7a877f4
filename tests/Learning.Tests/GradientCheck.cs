using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>Compares the backward pass of a network with central differences of a random linear functional of its outputs, in float64.</summary>
internal static class GradientCheck
{
    private const double H = 1e-5;

    /// <summary>Checks the gradients of the input and of every parameter.</summary>
    /// <param name="network">The network; its neurons are made smooth unless told otherwise.</param>
    /// <param name="steps">Time steps.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="tolerance">Largest error relative to the largest gradient of the same array: h² of the differences plus rounding / h.</param>
    /// <param name="seed">Seed of weights, inputs and functional.</param>
    /// <param name="sparse">The share of inputs that are zero.</param>
    public static void Check(Network<double> network, int steps = 5, int samples = 3, double tolerance = 1e-6, ulong seed = 1, double sparse = 0)
    {
        network.Initialize(seed);
        foreach (var layer in network.Layers.OfType<NeuronLayer<double>>()) layer.Smooth = true;
        var random = new CounterRandom(seed + 77);
        // Anything that is zero at the start would hide an error in what it multiplies.
        foreach (var p in network.Parameters)
        {
            for (int i = 0; i < p.Value.Length; i++) p.Value[i] += random.For(RandomStream.Fnv1a(p.Name)).Uniform((ulong)i, -0.1, 0.1);
        }
        var pass = new LayerPass(steps, samples) { Training = true, Random = random.For(5) };
        var x = Draw(random.For(1), pass.Rows * network.Input.Count, -0.5, 1.5);
        for (int i = 0; i < x.Length; i++) x[i] = random.For(4).Uniform((ulong)i) < sparse ? 0 : x[i];
        var functional = Draw(random.For(2), pass.Rows * network.Output.Count, -1, 1);
        double Value()
        {
            var y = network.Forward(pass, x);
            double sum = 0;
            for (int i = 0; i < y.Length; i++) sum += y[i] * functional[i];
            return sum;
        }
        Value();
        network.ClearGradients();
        var dx = new double[x.Length];
        network.Backward(functional, dx);
        Compare("input", x, dx, Value, tolerance);
        foreach (var p in network.Parameters) Compare(p.Name, p.Value, (double[])p.Gradient.Clone(), Value, tolerance);
    }

    /// <summary>Compares a gradient with central differences.</summary>
    public static void Compare(string name, double[] values, double[] gradient, Func<double> f, double tolerance)
    {
        double largest = gradient.Max(Math.Abs);
        Assert.True(largest > 1e-8, $"{name}: the gradient is zero everywhere, the check would check nothing");
        int stride = Math.Max(1, values.Length / 60); // enough places to see any wrong index
        for (int i = 0; i < values.Length; i += stride)
        {
            double keep = values[i];
            values[i] = keep + H;
            double up = f();
            values[i] = keep - H;
            double down = f();
            values[i] = keep + 2 * H;
            double up2 = f();
            values[i] = keep - 2 * H;
            double down2 = f();
            values[i] = keep;
            // Fourth order: the remainder is h⁴ of the fifth derivative, below rounding.
            double d = (8 * (up - down) - (up2 - down2)) / (12 * H);
            Assert.True(Math.Abs(d - gradient[i]) <= tolerance * largest, $"{name}[{i}]: backward pass gives {gradient[i]}, differences give {d}, largest {largest}");
        }
        f();
    }

    public static double[] Draw(CounterRandom random, int count, double low, double high)
    {
        var x = new double[count];
        for (int i = 0; i < count; i++) x[i] = random.Uniform((ulong)i, low, high);
        return x;
    }
}
