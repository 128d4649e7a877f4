namespace EdgeAutonomy.Runtime;

/// <summary>Several floats side by side, with the few operations whose result IEEE 754 fixes to the bit.</summary>
/// <remarks>
/// An element-wise function written once over this interface runs on one lane or on 4, 8, 16 and gives the same bits on all of them, by
/// construction. The interface has no fused multiply-add, no estimate and no minimum on purpose. The JIT compiles each function once per
/// implementation and inlines all of it.
/// </remarks>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
internal interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Gets how many lanes there are.</summary>
    static abstract int Count { get; }

    /// <summary>Reads all lanes from memory.</summary>
    static abstract TSelf Load(ref float source);

    /// <summary>Writes all lanes to memory.</summary>
    static abstract void Store(TSelf value, ref float target);

    /// <summary>Puts one number into every lane.</summary>
    static abstract TSelf Of(float value);

    /// <summary>Puts one bit pattern into every lane.</summary>
    static abstract TSelf OfBits(int bits);

    /// <summary>Adds.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Subtracts.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Multiplies.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Divides.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>Joins bits by and.</summary>
    static abstract TSelf operator &(TSelf a, TSelf b);

    /// <summary>Joins bits by exclusive or.</summary>
    static abstract TSelf operator ^(TSelf a, TSelf b);

    /// <summary>Gives all bits where a &lt; b, none elsewhere and for NaN.</summary>
    static abstract TSelf Less(TSelf a, TSelf b);

    /// <summary>Gives all bits where a = b, none elsewhere and for NaN.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>Gives all bits where the patterns are the same.</summary>
    static abstract TSelf SameBits(TSelf a, TSelf b);

    /// <summary>Takes the bits of a where the mask is set, those of b elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Adds the bit patterns as 32-bit whole numbers.</summary>
    static abstract TSelf AddBits(TSelf a, TSelf b);

    /// <summary>Subtracts the bit patterns as 32-bit whole numbers.</summary>
    static abstract TSelf SubtractBits(TSelf a, TSelf b);

    /// <summary>Shifts the bit patterns to the left.</summary>
    static abstract TSelf ShiftLeft(TSelf a, int bits);

    /// <summary>Shifts the bit patterns to the right and copies the sign bit.</summary>
    static abstract TSelf ShiftRight(TSelf a, int bits);

    /// <summary>Tells whether any lane of a mask is set.</summary>
    static abstract bool Any(TSelf mask);
}
