namespace EdgeAutonomy.Perception;

/// <summary>The constants of the DOTIE detector (arXiv 2210.00975); the defaults are the paper's, made independent of the bin's length.</summary>
/// <remarks>Immutable. <see cref="Validate"/> is called by every user of the record.</remarks>
public sealed record DotieOptions
{
    /// <summary>Gets the nominal bin in microseconds: longer packets are cut into bins of at most this length.</summary>
    /// <value>In [100, 20000]; default 2000 (arXiv 2210.00975: 500 Hz).</value>
    public int BinUs { get; init; } = 2000;

    /// <summary>Gets the share of a membrane's potential that is left after one nominal bin.</summary>
    /// <value>In (0, 1); default 0.3 (arXiv 2210.00975), a time constant of 1.6612 ms.</value>
    public float Leak { get; init; } = 0.3f;

    /// <summary>Gets the factor on the input current; 2 lets half as many events cause a spike.</summary>
    /// <value>In [0.01, 100]; default 1.</value>
    public float Gain { get; init; } = 1f;

    /// <summary>Gets the side of the square box, in pixels, by which spikes are dilated and closed.</summary>
    /// <value>Odd, in [1, 31]; default 11. The original uses an even box of 12 whose window lies off centre; this is the next smaller centred one.</value>
    public int KernelSize { get; init; } = 11;

    /// <summary>Gets the distance in pixels, inclusive, within which two points are neighbours.</summary>
    /// <value>In [1, 31]; default 15 (arXiv 2210.00975).</value>
    public int ClusterRadius { get; init; } = 15;

    /// <summary>Gets how many neighbours, itself included, make a point a core point.</summary>
    /// <value>In [1, 1000]; default 10 (arXiv 2210.00975).</value>
    public int ClusterMinimum { get; init; } = 10;

    /// <summary>Gets the least squared diagonal (rows² + columns²) of a box on a 346×260 sensor, in pixels²; it scales with the sensor's squared diagonal.</summary>
    /// <value>Finite, not negative; default 2300 (arXiv 2210.00975), about 48 pixels.</value>
    public float MinimumDiagonalSquared { get; init; } = 2300f;

    /// <summary>Gets the most bins per packet; a packet that would need more gets longer bins.</summary>
    /// <value>In [1, 1024]; default 32.</value>
    public int MaxBinsPerPacket { get; init; } = 32;

    /// <summary>Gets the most boxes kept per packet; more are counted.</summary>
    /// <value>In [1, 4096]; default 64.</value>
    public int MaxBoxes { get; init; } = 64;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        OptionRange.Check(BinUs is >= 100 and <= 20000, nameof(DotieOptions), nameof(BinUs), BinUs, "must be in [100, 20000]");
        OptionRange.Check(Leak is > 0 and < 1, nameof(DotieOptions), nameof(Leak), Leak, "must be in (0, 1)");
        OptionRange.Check(Gain is >= 0.01f and <= 100, nameof(DotieOptions), nameof(Gain), Gain, "must be in [0.01, 100]");
        OptionRange.Check(KernelSize is >= 1 and <= 31 && (KernelSize & 1) == 1, nameof(DotieOptions), nameof(KernelSize), KernelSize, "must be odd and in [1, 31]");
        OptionRange.Check(ClusterRadius is >= 1 and <= 31, nameof(DotieOptions), nameof(ClusterRadius), ClusterRadius, "must be in [1, 31]");
        OptionRange.Check(ClusterMinimum is >= 1 and <= 1000, nameof(DotieOptions), nameof(ClusterMinimum), ClusterMinimum, "must be in [1, 1000]");
        OptionRange.Check(MinimumDiagonalSquared is >= 0 and < float.PositiveInfinity, nameof(DotieOptions), nameof(MinimumDiagonalSquared), MinimumDiagonalSquared, "must be finite and not negative");
        OptionRange.Check(MaxBinsPerPacket is >= 1 and <= 1024, nameof(DotieOptions), nameof(MaxBinsPerPacket), MaxBinsPerPacket, "must be in [1, 1024]");
        OptionRange.Check(MaxBoxes is >= 1 and <= 4096, nameof(DotieOptions), nameof(MaxBoxes), MaxBoxes, "must be in [1, 4096]");
    }
}
