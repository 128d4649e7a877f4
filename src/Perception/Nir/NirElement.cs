namespace EdgeAutonomy.Perception;

/// <summary>The kind of number that a <see cref="NirArray"/> holds, as in the file.</summary>
public enum NirElement
{
    /// <summary>IEEE 754, 32 bit.</summary>
    F32,

    /// <summary>IEEE 754, 64 bit.</summary>
    F64,

    /// <summary>Signed, 64 bit.</summary>
    I64,

    /// <summary>Unsigned, 8 bit.</summary>
    U8,
}
