namespace EdgeAutonomy.Learning;

/// <summary>The whole numbers 0 … <see cref="Count"/> − 1, one float32 each, which is exact up to 2^24 (Gymnasium's Discrete).</summary>
public sealed record DiscreteSpace : Space
{
    private const int Most = 1 << 24;

    /// <summary>Makes a space.</summary>
    /// <param name="count">How many choices, 1 … 2^24.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of its range.</exception>
    public DiscreteSpace(int count)
        : base(1)
    {
        if (count is < 1 or > Most) throw new ArgumentOutOfRangeException(nameof(count), $"A discrete space of {count} choices; must be in [1, {Most}].");
        Count = count;
    }

    /// <summary>Gets how many choices there are.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public override bool Contains(ReadOnlySpan<float> value) => value.Length == 1 && value[0] >= 0 && value[0] < Count && MathF.Floor(value[0]) == value[0];

    /// <inheritdoc/>
    public override void Sample(RandomStream random, Span<float> value) => value[0] = random.NextInt32(Count);
}
