using System.Globalization;

namespace EdgeAutonomy.Perception;

/// <summary>A trained motion detector: delayed synapses from events about an event to motion classes (HD-SNN, Grimaldi and Perrinet, Biological Cybernetics 2023).</summary>
/// <remarks>
/// The score of class c at an event is β_c + Σ w over the synapses that find an event at their place and delay. Weights are multiples of one
/// <see cref="Quantum"/>, at most 32767 of them per class in sum, so a sum of any of them fits 16 bits: sums are exact whatever
/// their order, and the same on every machine. Immutable.
/// </remarks>
public sealed class MotionKernel
{
    private readonly MotionSynapse[] _synapses;
    private readonly float[] _bias;

    /// <summary>Makes a kernel; weights are rounded to multiples of a <see cref="Quantum"/> and those that round to zero are left out.</summary>
    /// <param name="shape">What it looks at.</param>
    /// <param name="synapses">The synapses; each place, delay, channel and class at most once; weights finite.</param>
    /// <param name="bias">Log odds of each class before any event, [class]; finite.</param>
    /// <param name="gain">By what the mean score of the events of a tile is multiplied before it is taken for a log probability; positive.</param>
    /// <exception cref="ArgumentException">A part does not fit; the message says which.</exception>
    public MotionKernel(MotionShape shape, IEnumerable<MotionSynapse> synapses, ReadOnlySpan<float> bias, float gain = 1)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(synapses);
        shape.Validate();
        Shape = shape;
        if (bias.Length != shape.Classes) throw new ArgumentException(Invariant($"Motion kernel: {bias.Length} biases for {shape.Classes} classes; there must be one per class."), nameof(bias));
        for (int c = 0; c < bias.Length; c++)
        {
            if (!(Math.Abs(bias[c]) <= 1000)) throw new ArgumentException(Invariant($"Motion kernel: the bias of class {c} is {bias[c]}; must be in [-1000, 1000]."), nameof(bias));
        }
        if (!(gain is > 0 and <= 1000)) throw new ArgumentException(Invariant($"Motion kernel: the gain is {gain}; must be in (0, 1000]."), nameof(gain));
        Gain = gain;
        _bias = bias.ToArray();
        var sorted = Sorted(shape, synapses);
        Quantum = QuantumFor(shape, sorted);
        _synapses = [.. sorted.Select(s => s with { Weight = Quanta(s.Weight) * Quantum }).Where(s => s.Weight != 0)];
    }

    /// <summary>Gets what it looks at.</summary>
    public MotionShape Shape { get; }

    /// <summary>Gets the synapses, ascending by input and class.</summary>
    public ReadOnlySpan<MotionSynapse> Synapses => _synapses;

    /// <summary>Gets the log odds of each class before any event, [class].</summary>
    public ReadOnlySpan<float> Bias => _bias;

    /// <summary>Gets the unit of all weights.</summary>
    public float Quantum { get; }

    /// <summary>Gets by what the mean score of the events of a tile is multiplied before it is taken for a log probability.</summary>
    public float Gain { get; }

    /// <summary>Returns a weight in units of <see cref="Quantum"/>.</summary>
    public int Quanta(float weight) => (int)MathF.Round(weight / Quantum);

    /// <summary>Returns the weights of all synapses, those that are not there being zero: [input, class].</summary>
    public float[] ToDense()
    {
        var dense = new float[Shape.Synapses];
        foreach (ref readonly var s in Synapses) dense[Shape.Input(s.Channel, s.Delay, s.Dx, s.Dy) * Shape.Classes + s.Class] = s.Weight;
        return dense;
    }

    /// <summary>Returns the same synapses for another step length.</summary>
    /// <param name="stepUs">Microseconds.</param>
    public MotionKernel WithStep(int stepUs) => new(Shape with { StepUs = stepUs }, _synapses, _bias, Gain);

    private static List<MotionSynapse> Sorted(MotionShape shape, IEnumerable<MotionSynapse> synapses)
    {
        var list = new List<MotionSynapse>();
        foreach (var s in synapses)
        {
            if (s.Class < 0 || s.Class >= shape.Classes) throw Bad(s, $"its class must be in [0, {shape.Classes - 1}]");
            if (s.Channel is not (0 or 1)) throw Bad(s, "its channel must be 0 or 1");
            if (s.Delay < 0 || s.Delay >= shape.Depth) throw Bad(s, $"its delay must be in [0, {shape.Depth - 1}] steps");
            if (Math.Abs((long)s.Dx) > shape.Radius || Math.Abs((long)s.Dy) > shape.Radius) throw Bad(s, $"it must reach at most {shape.Radius} pixels");
            if (!(Math.Abs(s.Weight) <= 1000)) throw Bad(s, "its weight must be in [-1000, 1000]");
            list.Add(s);
            if (list.Count > shape.Synapses) throw new ArgumentException(Invariant($"Motion kernel: there are more than the {shape.Synapses} synapses that its shape has room for."), nameof(synapses));
        }
        list.Sort((a, b) => Key(shape, a).CompareTo(Key(shape, b)));
        for (int i = 1; i < list.Count; i++)
        {
            if (Key(shape, list[i]) == Key(shape, list[i - 1])) throw Bad(list[i], "it is there twice");
        }
        return list;
    }

    private static int Key(MotionShape shape, in MotionSynapse s) => shape.Input(s.Channel, s.Delay, s.Dx, s.Dy) * shape.Classes + s.Class;

    // The smallest power of two for which no class can sum to more than 32767 units. Powers of two keep w · 2^-k exact, so a kernel that was
    // rounded once and is read back gets the same unit and the same weights.
    private static float QuantumFor(MotionShape shape, List<MotionSynapse> synapses)
    {
        var sums = new double[shape.Classes];
        foreach (var s in synapses) sums[s.Class] += Math.Abs(s.Weight);
        double quantum = 1.0 / (1 << 20);
        // Rounding may lift every weight by half a unit; the margin is that of all inputs of a class.
        while (sums.Max() / quantum + 0.5 * shape.Inputs > short.MaxValue) quantum *= 2;
        return (float)quantum;
    }

    private static ArgumentException Bad(in MotionSynapse s, string rule) => new(Invariant($"Motion kernel: synapse {s} does not fit: {rule}."), nameof(s));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
