using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Integer neurons (I-LIF): u = a·v + x; s = ⌊clamp(u, 0, L) + ½⌋; v = u − s. The gradient passes straight through where 0 &lt; u &lt; L.</summary>
/// <remarks>Source: E-3DSNN and QSD-Transformer (Luo et al. 2024), with L = 4 there; a count of s is what s binary spikes would carry.</remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class IntegerLifLayer<T> : NeuronLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] _v = [], _u = [], _deltaV = [];

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="size">The neurons.</param>
    /// <param name="levels">L, 1 … 255.</param>
    /// <param name="tau">The membrane's time constant in steps, at least 1.</param>
    /// <param name="detach">Whether the gradient does not flow through the reset.</param>
    public IntegerLifLayer(string name, MapSize size, int levels = 4, double tau = 2, bool detach = true)
        : base(name, size, recurrent: false)
    {
        if (levels is < 1 or > 255) throw new ArgumentOutOfRangeException(nameof(levels), $"Layer '{name}': levels is {levels}; must be in [1, 255].");
        if (!(tau >= 1)) throw new ArgumentOutOfRangeException(nameof(tau), $"Layer '{name}': tau is {tau} steps; must be 1 or more.");
        Levels = levels;
        Tau = tau;
        Detach = detach;
    }

    /// <summary>Gets L.</summary>
    public int Levels { get; }

    /// <summary>Gets the membrane's time constant in steps.</summary>
    public double Tau { get; }

    /// <summary>Gets whether the gradient does not flow through the reset.</summary>
    public bool Detach { get; }

    /// <inheritdoc/>
    public override bool Spikes => true;

    private protected override void Begin(in LayerPass pass)
    {
        Rest(ref _v, pass.Samples * Input.Count, pass.Continues);
        if (pass.Training) Room(ref _u, pass.Rows * Input.Count);
    }

    private protected override void Step(int step, bool keep, ReadOnlySpan<T> input, Span<T> output)
    {
        Vector<T> a = Lanes.Of<T>(1 - 1 / Tau), top = Lanes.Of<T>(Levels), half = Lanes.Of<T>(0.5);
        var u = keep ? _u.AsSpan(step * input.Length, input.Length) : default;
        for (int i = 0; i < input.Length; i += Vector<T>.Count)
        {
            var x = a * Lanes.Load<T>(_v, i) + Lanes.Load(input, i);
            if (keep) Lanes.Store(x, u, i);
            var s = Vector.Min(top, Vector.Max(Vector<T>.Zero, x));
            if (!Smooth) s = Floor(s + half);
            Lanes.Store(s, output, i);
            Lanes.Store(x - s, _v, i);
        }
    }

    private protected override void BeginBack(in LayerPass pass)
    {
        Room(ref _deltaV, pass.Samples * Input.Count);
        _deltaV.AsSpan().Clear();
    }

    private protected override void StepBack(int step, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int n = input.Length;
        Vector<T> a = Lanes.Of<T>(1 - 1 / Tau), top = Lanes.Of<T>(Levels);
        Span<T> deltaV = _deltaV.AsSpan(0, n), u = _u.AsSpan(step * n, n);
        for (int i = 0; i < n; i += Vector<T>.Count)
        {
            Vector<T> x = Lanes.Load<T>(u, i), dv = Lanes.Load<T>(deltaV, i), ds = Lanes.Load(outputGradient, i);
            if (!Detach) ds -= dv;
            var passes = Lanes.OneWhere(Vector.BitwiseAnd(Vector.GreaterThan(x, Vector<T>.Zero), Vector.LessThan(x, top)));
            var du = ds * passes + dv;
            Lanes.Store(du, inputGradient, i);
            Lanes.Store(a * du, deltaV, i);
        }
    }

    private static Vector<T> Floor(Vector<T> x) =>
        typeof(T) == typeof(float) ? Vector.Floor(x.As<T, float>()).As<float, T>() : Vector.Floor(x.As<T, double>()).As<double, T>();
}
