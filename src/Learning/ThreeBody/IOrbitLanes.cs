namespace EdgeAutonomy.Learning;

/// <summary>One number of each of several independent systems: the arithmetic that the orbit kernels are written in, once for one system and for many.</summary>
/// <remarks>Every operation rounds each lane as the scalar operation does, and none is fused, so that a lane's bits do not depend on the width.</remarks>
internal interface IOrbitLanes<T> where T : struct, IOrbitLanes<T>
{
    /// <summary>Gets how many systems one value holds.</summary>
    static abstract int Count { get; }

    /// <summary>Returns the same number in every lane.</summary>
    static abstract T Of(double value);

    /// <summary>Returns the first <see cref="Count"/> numbers of a span.</summary>
    static abstract T Load(ReadOnlySpan<double> source);

    /// <summary>Writes the lanes to the start of a span.</summary>
    static abstract void Store(T value, Span<double> target);

    /// <summary>Returns the square root of each lane.</summary>
    static abstract T Sqrt(T value);

    /// <summary>Returns, lane by lane, <paramref name="yes"/> where a ≤ b and <paramref name="no"/> elsewhere, also where a or b is NaN.</summary>
    static abstract T WhereAtMost(T a, T b, T yes, T no);

    /// <summary>Returns whether a ≤ b holds in every lane; NaN is not at most anything.</summary>
    static abstract bool AllAtMost(T a, T b);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);
}
