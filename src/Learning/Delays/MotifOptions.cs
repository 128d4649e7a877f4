namespace EdgeAutonomy.Learning;

/// <summary>The temporal-motif task: classes that differ in nothing but the delays between channels.</summary>
public sealed record MotifOptions
{
    /// <summary>Gets the channels; a multiple of <see cref="Groups"/>.</summary>
    public int Channels { get; init; } = 40;

    /// <summary>Gets how many groups of channels there are. The channels of a group share their delay in every class, so what fires together tells nothing.</summary>
    public int Groups { get; init; } = 5;

    /// <summary>Gets the classes; at least 2.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Gets the steps of a sample.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Gets D: the groups' delays lie evenly in 0 … D − 1 steps.</summary>
    public int Span { get; init; } = 25;

    /// <summary>Gets the standard deviation of each spike's time, in steps.</summary>
    public double Jitter { get; init; } = 3;

    /// <summary>Gets the least noise, spikes per spike of the motif.</summary>
    public double NoiseFrom { get; init; } = 0.05;

    /// <summary>Gets the most noise, spikes per spike of the motif.</summary>
    public double NoiseTo { get; init; } = 0.20;
}
