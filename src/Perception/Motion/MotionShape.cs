using System.Globalization;

namespace EdgeAutonomy.Perception;

/// <summary>What a motion kernel looks at and tells apart: its classes, its depth in time and its reach in space. Immutable.</summary>
/// <remarks>
/// Directions are those of the image motion in image axes: x to the right, y down, direction k = 2πk / <see cref="Directions"/>. Classes are
/// numbered speed · <see cref="Directions"/> + direction. Speeds are in pixels per step, so one kernel serves any step length.
/// </remarks>
public sealed record MotionShape
{
    /// <summary>The most classes there can be.</summary>
    public const int MaxClasses = 127;

    /// <summary>Gets how many directions, evenly about the circle.</summary>
    /// <value>In [4, 36]; default 12.</value>
    public int Directions { get; init; } = 12;

    /// <summary>Gets the speeds in pixels per step, ascending.</summary>
    /// <value>1 … 8 speeds in (0, 16]; default 0.4, 0.9, 2.</value>
    public IReadOnlyList<float> Speeds { get; init; } = [0.4f, 0.9f, 2f];

    /// <summary>Gets how many steps are seen: this one and those before.</summary>
    /// <value>In [1, 16]; default 12.</value>
    public int Depth { get; init; } = 12;

    /// <summary>Gets how far a synapse reaches in columns and rows.</summary>
    /// <value>In [1, 7]; default 4, a field of 9×9 pixels.</value>
    public int Radius { get; init; } = 4;

    /// <summary>Gets the length of a step in microseconds for which the kernel is meant.</summary>
    /// <value>In [100, 1000000]; default 8000.</value>
    public int StepUs { get; init; } = 8000;

    /// <summary>Gets what the two channels stand for.</summary>
    public MotionPolarity Polarity { get; init; } = MotionPolarity.Relative;

    /// <summary>Gets how many classes there are.</summary>
    public int Classes => Directions * Speeds.Count;

    /// <summary>Gets the side of the field in pixels.</summary>
    public int Side => 2 * Radius + 1;

    /// <summary>Gets how many inputs a class has: two channels, <see cref="Depth"/> steps, the field.</summary>
    public int Inputs => 2 * Depth * Side * Side;

    /// <summary>Gets how many synapses the full kernel has.</summary>
    public int Synapses => Inputs * Classes;

    /// <summary>Returns the number of an input.</summary>
    /// <param name="channel">0 or 1.</param>
    /// <param name="delay">0 … <see cref="Depth"/> − 1.</param>
    /// <param name="dx">Columns to the right, within the reach.</param>
    /// <param name="dy">Rows below, within the reach.</param>
    public int Input(int channel, int delay, int dx, int dy) => ((channel * Depth + delay) * Side + dy + Radius) * Side + dx + Radius;

    /// <summary>Returns the direction of a class in radians in [0, 2π).</summary>
    public double Direction(int motion) => 2 * Math.PI * (motion % Directions) / Directions;

    /// <summary>Returns the speed of a class in pixels per step.</summary>
    public float Speed(int motion) => Speeds[motion / Directions];

    /// <summary>Returns the synapse behind an input and a class.</summary>
    public MotionSynapse Synapse(int motion, int input, float weight)
    {
        int dx = input % Side - Radius, row = input / Side, dy = row % Side - Radius, plane = row / Side;
        return new MotionSynapse(motion, plane / Depth, plane % Depth, dx, dy, weight);
    }

    /// <inheritdoc/>
    public bool Equals(MotionShape? other) =>
        other is not null && (Directions, Depth, Radius, StepUs, Polarity) == (other.Directions, other.Depth, other.Radius, other.StepUs, other.Polarity) && Speeds.SequenceEqual(other.Speeds);

    /// <inheritdoc/>
    public override int GetHashCode() => Synapses;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        const string where = nameof(MotionShape);
        ArgumentNullException.ThrowIfNull(Speeds);
        OptionRange.Check(Directions is >= 4 and <= 36, where, nameof(Directions), Directions, "must be in [4, 36]");
        OptionRange.Check(Speeds.Count is >= 1 and <= 8, where, nameof(Speeds), Speeds.Count, "must be 1 to 8 speeds");
        for (int i = 0; i < Speeds.Count; i++)
        {
            OptionRange.Check(Speeds[i] is > 0 and <= 16 && (i == 0 || Speeds[i] > Speeds[i - 1]), where, string.Create(CultureInfo.InvariantCulture, $"{nameof(Speeds)}[{i}]"), Speeds[i], "must be in (0, 16] pixels per step and above the one before");
        }
        OptionRange.Check(Classes <= MaxClasses, where, nameof(Classes), Classes, "must be at most 127");
        OptionRange.Check(Depth is >= 1 and <= 16, where, nameof(Depth), Depth, "must be in [1, 16] steps");
        OptionRange.Check(Radius is >= 1 and <= 7, where, nameof(Radius), Radius, "must be in [1, 7] pixels");
        OptionRange.Check(StepUs is >= 100 and <= 1_000_000, where, nameof(StepUs), StepUs, "must be in [100, 1000000] microseconds");
        OptionRange.Check(Polarity is MotionPolarity.Absolute or MotionPolarity.Relative, where, nameof(Polarity), (int)Polarity, "must be Absolute (0) or Relative (1)");
    }
}
