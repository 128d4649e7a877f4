namespace EdgeAutonomy.Learning;

/// <summary>Vectors with a lower and an upper bound per number; bounds may be infinite (Gymnasium's Box of float32).</summary>
public sealed record BoxSpace : Space
{
    private readonly float[] _low, _high;

    /// <summary>Makes a space.</summary>
    /// <param name="low">Lower bounds; −∞ = none.</param>
    /// <param name="high">Upper bounds; +∞ = none.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a lower bound is above the upper one or not a number.</exception>
    public BoxSpace(ReadOnlySpan<float> low, ReadOnlySpan<float> high)
        : base(low.Length)
    {
        if (low.Length != high.Length) throw new ArgumentException($"A box has {low.Length} lower and {high.Length} upper bounds; must be as many.", nameof(high));
        for (int i = 0; i < low.Length; i++)
        {
            if (!(low[i] <= high[i])) throw new ArgumentException($"Number {i} of a box is bounded by [{low[i]}, {high[i]}]; the lower bound must not be above the upper one.", nameof(low));
        }
        (_low, _high) = (low.ToArray(), high.ToArray());
    }

    /// <summary>Gets the lower bounds.</summary>
    public ReadOnlySpan<float> Low => _low;

    /// <summary>Gets the upper bounds.</summary>
    public ReadOnlySpan<float> High => _high;

    /// <inheritdoc/>
    public override bool Contains(ReadOnlySpan<float> value)
    {
        if (value.Length != Width) return false;
        for (int i = 0; i < value.Length; i++)
        {
            if (!(value[i] >= _low[i] && value[i] <= _high[i])) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override void Sample(RandomStream random, Span<float> value)
    {
        for (int i = 0; i < Width; i++)
        {
            float low = float.IsFinite(_low[i]) ? _low[i] : float.IsFinite(_high[i]) ? _high[i] - 1 : -1;
            float high = float.IsFinite(_high[i]) ? _high[i] : float.IsFinite(_low[i]) ? _low[i] + 1 : 1;
            // Rounding to float32 may step over a bound.
            value[i] = Math.Clamp((float)random.NextDouble(low, high), low, high);
        }
    }

    /// <summary>Returns whether the bounds are the same numbers.</summary>
    /// <param name="other">The other space.</param>
    public bool Equals(BoxSpace? other) => other is not null && _low.AsSpan().SequenceEqual(other._low) && _high.AsSpan().SequenceEqual(other._high);

    /// <inheritdoc/>
    public override int GetHashCode() => Width;
}
