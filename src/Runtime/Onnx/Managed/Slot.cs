namespace EdgeAutonomy.Runtime;

/// <summary>Where a value lies in a network's memory.</summary>
/// <param name="Offset">First number; a multiple of 16 for values that are not part of another.</param>
/// <param name="Count">How many numbers.</param>
internal readonly record struct Slot(int Offset, int Count)
{
    /// <summary>Gets the numbers.</summary>
    public Span<float> In(Span<float> memory) => memory.Slice(Offset, Count);

    /// <summary>Gets a part.</summary>
    public Slot Part(int offset, int count) => new(Offset + offset, count);
}
