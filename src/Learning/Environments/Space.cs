namespace EdgeAutonomy.Learning;

/// <summary>The set that observations or actions of an environment come from (Gymnasium's spaces). Immutable, thread-safe.</summary>
public abstract record Space
{
    private protected Space(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Width = width;
    }

    /// <summary>Gets how many float32 numbers one element takes in a span; at least 1.</summary>
    public int Width { get; }

    /// <summary>Returns whether a span holds an element of the set. Allocation-free.</summary>
    /// <param name="value">The numbers; another length than <see cref="Width"/> gives false.</param>
    public abstract bool Contains(ReadOnlySpan<float> value);

    /// <summary>Writes a uniformly drawn element; a side that is not bounded is drawn from ± 1 around its bound or zero. Allocation-free.</summary>
    /// <param name="random">The generator; advanced by <see cref="Width"/> draws.</param>
    /// <param name="value">Takes <see cref="Width"/> numbers.</param>
    public abstract void Sample(RandomStream random, Span<float> value);
}
