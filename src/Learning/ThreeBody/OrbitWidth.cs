namespace EdgeAutonomy.Learning;

/// <summary>How many systems a <see cref="HermiteBatch"/> integrates side by side. All widths give the same bits.</summary>
public enum OrbitWidth
{
    /// <summary>The widest that the processor has.</summary>
    Widest,

    /// <summary>One.</summary>
    One,

    /// <summary>Two, in registers of 128 bits (NEON, SSE2).</summary>
    Two,

    /// <summary>Four, in registers of 256 bits.</summary>
    Four,

    /// <summary>Eight, in registers of 512 bits.</summary>
    Eight,
}
