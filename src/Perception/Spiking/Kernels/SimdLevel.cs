namespace EdgeAutonomy.Perception;

/// <summary>The width of the vectors that the kernels use.</summary>
internal enum SimdLevel
{
    /// <summary>The widest that this machine has.</summary>
    Best,

    /// <summary>One number at a time: the twin that the others are compared with.</summary>
    Scalar,

    /// <summary>128 bits.</summary>
    V128,

    /// <summary>256 bits.</summary>
    V256,

    /// <summary>512 bits.</summary>
    V512,
}
