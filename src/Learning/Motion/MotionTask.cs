using System.Globalization;
using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>The moving textures from which motion is learned, and how an event camera sees them. Immutable.</summary>
/// <remarks>
/// Textures have random phases and a log-Gaussian spectrum (motion clouds: Sanz Leon et al., J. Neurophysiol. 2012), averaged over each pixel. A movie is one
/// texture moved in blocks of constant motion. Lengths are pixels and steps; intensities are standard deviations of the texture.
/// </remarks>
public sealed record MotionTask
{
    /// <summary>Gets the classes and the field.</summary>
    public MotionShape Shape { get; init; } = new();

    /// <summary>Gets the side of a movie in pixels.</summary>
    /// <value>In [field + 1, 56]; default 48. The texture repeats after 64.</value>
    public int Size { get; init; } = 48;

    /// <summary>Gets the steps of a movie.</summary>
    /// <value>In [depth + 1, 10000]; default 64.</value>
    public int Steps { get; init; } = 64;

    /// <summary>Gets the frequency of the strongest part of a texture in cycles per pixel; 0.12 as in the reference recipe.</summary>
    public double Frequency { get; init; } = 0.12;

    /// <summary>Gets the deviation of ln(frequency) of the spectrum.</summary>
    public double FrequencySpread { get; init; } = 0.7;

    /// <summary>Gets how hard the edges of a texture may be: it passes through tanh(g·I) with g drawn in [0, EdgeGain]; 0 = smooth.</summary>
    public double EdgeGain { get; init; }

    /// <summary>Gets how much a texture may prefer one orientation: its spectrum is multiplied by e^(κ(cos 2(φ − φ0) − 1)), κ drawn in [0, Anisotropy] and φ0 anywhere; 0 = none.</summary>
    /// <remarks>Strips show motion across them only (the aperture problem); a kernel that has seen some leaves the direction open there.</remarks>
    public double Anisotropy { get; init; }

    /// <summary>Gets the least threshold of a movie; drawn evenly in its logarithm.</summary>
    public double ThresholdLow { get; init; } = 1.0;

    /// <summary>Gets the greatest threshold of a movie.</summary>
    public double ThresholdHigh { get; init; } = 4.0;

    /// <summary>Gets the relative deviation of thresholds from pixel to pixel, and of ON from OFF.</summary>
    public double ThresholdMismatch { get; init; } = 0.05;

    /// <summary>Gets the chance of a noise event per pixel and step.</summary>
    public double NoiseRate { get; init; } = 0.0005;

    /// <summary>Gets how many pixels of a movie fire by themselves.</summary>
    public int HotPixels { get; init; } = 1;

    /// <summary>Gets the chance that a hot pixel fires in a step.</summary>
    public double HotRate { get; init; } = 0.5;

    /// <summary>Gets the mean length of a block of constant motion in steps (Poisson).</summary>
    public double MeanBlock { get; init; } = 24;

    /// <summary>Gets the shortest block in steps.</summary>
    public int LeastBlock { get; init; } = 4;

    /// <summary>Gets how far a motion's direction may be off its class, as a share of the half angle between classes.</summary>
    public double DirectionSpread { get; init; }

    /// <summary>Gets how far a motion's speed may be off its class: a factor of at most e^±SpeedSpread.</summary>
    public double SpeedSpread { get; init; }

    /// <summary>Gets the steps of a window that is judged as one.</summary>
    public int WindowSteps { get; init; } = 5;

    /// <summary>Gets how many events a window needs at least to be judged.</summary>
    public int WindowEvents { get; init; } = 4;

    /// <summary>Gets whether synapses lie in a circle that is smaller for short delays, as in the paper, instead of the whole square.</summary>
    public bool CircularMask { get; init; }

    /// <summary>Gets what the shipped kernel is trained on: every direction and speed between the classes too, hard and oriented edges, a noisier sensor, steps of 10 ms.</summary>
    /// <remarks>The camera of the built-in world sees 10 to 270 pixels per second (5 % to 95 % of its events, both with and without range scanner): 0.1 to 2.7 pixels a step.</remarks>
    public static MotionTask Shipped { get; } = new()
    {
        Shape = new MotionShape { Speeds = [0.25f, 0.7f, 2f], StepUs = 10_000 },
        DirectionSpread = 1,
        SpeedSpread = 0.5,
        ThresholdLow = 0.3,
        ThresholdHigh = 1.5,
        ThresholdMismatch = 0.1,
        EdgeGain = 10,
        Anisotropy = 1,
        NoiseRate = 0.001,
        HotPixels = 2,
    };

    /// <summary>Returns whether an input may have synapses.</summary>
    public bool Allows(int input)
    {
        if (!CircularMask) return true;
        var s = Shape.Synapse(0, input, 0);
        double share = Shape.Depth == 1 ? 1 : 0.5 + 0.5 * s.Delay / (Shape.Depth - 1), radius = Shape.Radius * share + 0.5;
        return s.Dx * s.Dx + s.Dy * s.Dy <= radius * radius;
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Shape);
        Shape.Validate();
        Check(Size > Shape.Side && Size <= 56, nameof(Size), Size, $"must be in [{Shape.Side + 1}, 56] pixels");
        Check(Steps > Shape.Depth && Steps <= 10_000, nameof(Steps), Steps, $"must be in [{Shape.Depth + 1}, 10000]");
        Check(Frequency is >= 0.01 and <= 0.5, nameof(Frequency), Frequency, "must be in [0.01, 0.5] cycles per pixel");
        Check(FrequencySpread is >= 0.05 and <= 3, nameof(FrequencySpread), FrequencySpread, "must be in [0.05, 3]");
        Check(EdgeGain is >= 0 and <= 20, nameof(EdgeGain), EdgeGain, "must be in [0, 20]");
        Check(Anisotropy is >= 0 and <= 50, nameof(Anisotropy), Anisotropy, "must be in [0, 50]");
        Check(ThresholdLow is >= 0.05 and <= 10, nameof(ThresholdLow), ThresholdLow, "must be in [0.05, 10]");
        Check(ThresholdHigh >= ThresholdLow && ThresholdHigh <= 10, nameof(ThresholdHigh), ThresholdHigh, "must be in [ThresholdLow, 10]");
        Check(ThresholdMismatch is >= 0 and <= 0.3, nameof(ThresholdMismatch), ThresholdMismatch, "must be in [0, 0.3]");
        Check(NoiseRate is >= 0 and <= 0.5, nameof(NoiseRate), NoiseRate, "must be in [0, 0.5]");
        Check(HotPixels >= 0 && HotPixels <= Size * Size, nameof(HotPixels), HotPixels, "must be in [0, Size²]");
        Check(HotRate is >= 0 and <= 1, nameof(HotRate), HotRate, "must be in [0, 1]");
        Check(MeanBlock is >= 1 and <= 500, nameof(MeanBlock), MeanBlock, "must be in [1, 500] steps");
        Check(LeastBlock is >= 1 and <= 10_000, nameof(LeastBlock), LeastBlock, "must be in [1, 10000] steps");
        Check(DirectionSpread is >= 0 and <= 1, nameof(DirectionSpread), DirectionSpread, "must be in [0, 1]");
        Check(SpeedSpread is >= 0 and <= 1, nameof(SpeedSpread), SpeedSpread, "must be in [0, 1]");
        Check(WindowSteps is >= 1 and <= 1000, nameof(WindowSteps), WindowSteps, "must be in [1, 1000]");
        Check(WindowEvents >= 1, nameof(WindowEvents), WindowEvents, "must be at least 1");
    }

    private static void Check<T>(bool isValid, string name, T value, string rule) where T : IFormattable
    {
        if (!isValid) throw new ArgumentOutOfRangeException(name, $"{nameof(MotionTask)}:{name} is {value.ToString(null, CultureInfo.InvariantCulture)}; {rule}.");
    }
}
