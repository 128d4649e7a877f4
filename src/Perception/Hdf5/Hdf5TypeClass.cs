namespace EdgeAutonomy.Perception;

/// <summary>The kinds of elements that can be read; everything else is <see cref="Other"/>.</summary>
internal enum Hdf5TypeClass
{
    /// <summary>Whole numbers of 1, 2, 4 or 8 bytes; enumerations count as their base.</summary>
    Integer,

    /// <summary>IEEE 754 numbers of 2, 4 or 8 bytes.</summary>
    Float,

    /// <summary>Texts of a fixed number of bytes.</summary>
    FixedText,

    /// <summary>Texts in the global heap.</summary>
    Text,

    /// <summary>Lists of numbers in the global heap.</summary>
    Sequence,

    /// <summary>Compounds, references, opaque bytes and the like.</summary>
    Other,
}
