namespace EdgeAutonomy.Runtime;

/// <summary>What a decision asks of the sensing of the next cycle: made in cycle n, applied in cycle n+1.</summary>
/// <remarks>A request that is not renewed expires to full sensing. Plain data, recorded as it stands.</remarks>
public struct SensingRequest : IPayload
{
    /// <summary>The part of the image wanted; empty = all of it.</summary>
    public PixelRegion Region;

    /// <summary>Which one-degree sectors to range; <see cref="SectorMask.All"/> for all.</summary>
    public SectorMask Sectors;

    /// <summary>Wanted output rate in hertz; 0 = unchanged.</summary>
    public float RateHz;

    /// <summary>Multiplier on the contrast threshold of an event camera; below 1 = more events; 0 = unchanged.</summary>
    public float EventThreshold;

    /// <summary>Power cap in milliwatt; 0 = none.</summary>
    public float PowerCapMilliwatt;

    /// <summary>Who asks; decides precedence.</summary>
    public RequestOrigin Origin;

    /// <summary>Why.</summary>
    public RequestReason Reason;

    private ushort _spare; // fills the gap before the next word, so that no indeterminate byte is ever recorded

    /// <summary>The last cycle in which the request holds; 0 = not a request at all.</summary>
    public ulong ExpiresCycle;

    /// <summary>No wish: full sensing stays.</summary>
    public static SensingRequest None => new() { Sectors = SectorMask.All };

    /// <summary>Gets whether this is a request.</summary>
    public readonly bool IsActive => ExpiresCycle != 0;

    /// <inheritdoc/>
    public readonly void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Region.X | ((ulong)Region.Y << 16) | ((ulong)Region.Width << 32) | ((ulong)Region.Height << 48));
        Sectors.AddTo(ref hasher);
        hasher.Add(RateHz);
        hasher.Add(EventThreshold);
        hasher.Add(PowerCapMilliwatt);
        hasher.Add((ulong)Origin | ((ulong)Reason << 8));
        hasher.Add(ExpiresCycle);
    }
}
