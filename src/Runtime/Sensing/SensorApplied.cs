namespace EdgeAutonomy.Runtime;

/// <summary>What a sensor really did with a sensing request.</summary>
public struct SensorApplied : IPayload
{
    /// <summary>The image part that was read; empty = all of it.</summary>
    public PixelRegion Region;

    /// <summary>The sectors that were ranged. A sector outside it was not sensed, which is not the same as empty.</summary>
    public SectorMask Sectors;

    /// <summary>The output rate in hertz; 0 = the sensor has none.</summary>
    public float RateHz;

    /// <summary>The contrast-threshold multiplier in force; 1 = nominal.</summary>
    public float EventThreshold;

    /// <summary>Share of the full field that was sensed, in [0, 1].</summary>
    public float Coverage;

    /// <summary>Energy the sensing of this cycle took, in microjoule; an estimate unless the sensor measures it.</summary>
    public float EnergyMicrojoule;

    /// <inheritdoc/>
    public readonly void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Region.X | ((ulong)Region.Y << 16) | ((ulong)Region.Width << 32) | ((ulong)Region.Height << 48));
        Sectors.AddTo(ref hasher);
        hasher.Add(RateHz);
        hasher.Add(EventThreshold);
        hasher.Add(Coverage);
    }
}
