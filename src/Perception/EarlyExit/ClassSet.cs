namespace EdgeAutonomy.Perception;

/// <summary>A set of classes, numbered 0 to 127.</summary>
/// <param name="Bits">Bit k set: class k is in the set.</param>
public readonly record struct ClassSet(UInt128 Bits)
{
    /// <summary>The most classes that there can be.</summary>
    public const int MaxClasses = 128;

    /// <summary>Gets the set without classes.</summary>
    public static ClassSet Empty => default;

    /// <summary>Gets how many classes are in the set.</summary>
    public int Count => (int)UInt128.PopCount(Bits);

    /// <summary>Makes the set of one class; the empty set for one outside 0 to 127.</summary>
    public static ClassSet Of(int index) => (uint)index < MaxClasses ? new(UInt128.One << index) : default;

    /// <summary>Makes the set of the first classes.</summary>
    /// <param name="count">In [0, 128]; more counts as 128.</param>
    public static ClassSet First(int count) => count >= MaxClasses ? new(UInt128.MaxValue) : new((UInt128.One << Math.Max(count, 0)) - 1);

    /// <summary>Tells whether a class is in the set.</summary>
    public bool Contains(int index) => (uint)index < MaxClasses && ((Bits >> index) & 1) != 0;

    /// <summary>Returns the set with one class more.</summary>
    public ClassSet With(int index) => new(Bits | Of(index).Bits);

    /// <summary>Returns the classes in ascending order, such as "{0, 7}".</summary>
    public override string ToString()
    {
        var bits = Bits;
        return $"{{{string.Join(", ", Enumerable.Range(0, MaxClasses).Where(k => ((bits >> k) & 1) != 0))}}}";
    }
}
