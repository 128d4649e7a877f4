namespace EdgeAutonomy.Perception;

/// <summary>One population of a point network, ready to run: weights into it, its neurons, and what their currents are pooled over.</summary>
/// <remarks>Widths are padded to whole blocks of 32; padded lanes have a threshold that nothing passes, so they never fire.</remarks>
internal sealed class PointLayer
{
    /// <summary>Gets the population whose spikes it sees: an index, or −1 for the points.</summary>
    internal required int Source { get; init; }

    /// <summary>Gets the population whose spikes are added to its current; −1 = none.</summary>
    internal required int Skip { get; init; }

    /// <summary>Gets how many inputs.</summary>
    internal required int Inputs { get; init; }

    /// <summary>Gets how many neurons.</summary>
    internal required int Width { get; init; }

    /// <summary>Gets the weights, [input, padded neuron].</summary>
    internal required float[] Weights { get; init; }

    /// <summary>Gets the bias, [padded neuron].</summary>
    internal required float[] Bias { get; init; }

    /// <summary>Gets u = decay·v + leak + gain·x, fires above threshold, then v = reset; each [padded neuron].</summary>
    internal required float[] Decay { get; init; }

    /// <summary>Gets what the membrane leaks towards, per step.</summary>
    internal required float[] Leak { get; init; }

    /// <summary>Gets the factor on the current.</summary>
    internal required float[] Gain { get; init; }

    /// <summary>Gets the threshold; a spike strictly above.</summary>
    internal required float[] Threshold { get; init; }

    /// <summary>Gets where a spike puts the membrane, and where it starts.</summary>
    internal required float[] Reset { get; init; }

    /// <summary>Gets how many places its currents are computed at.</summary>
    internal required int Places { get; init; }

    /// <summary>Gets over how many neighbouring places the greatest current is taken; there are so many times fewer neurons. 1 = none.</summary>
    internal required int Pool { get; init; }

    /// <summary>Gets the width in words of 32 neurons.</summary>
    internal int Words => (Width + 31) >> 5;

    /// <summary>Gets or sets the spikes, [place of neurons, step, word].</summary>
    internal uint[] Spikes { get; set; } = [];
}
