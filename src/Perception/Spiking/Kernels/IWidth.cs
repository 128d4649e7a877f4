namespace EdgeAutonomy.Perception;

/// <summary>One width of vectors: the few element-wise operations whose results IEEE 754 fixes to the bit. Kernels are written once over it.</summary>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe interface IWidth<T>
    where T : unmanaged
{
    /// <summary>Gets the elements of a vector.</summary>
    static abstract int Count { get; }

    static abstract T Load(float* from);

    static abstract void Store(T value, float* to);

    static abstract T All(float value);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Divide(T a, T b);

    static abstract T Floor(T a);

    /// <summary>All bits set where a &gt; b.</summary>
    static abstract T Greater(T a, T b);

    /// <summary>a where the mask's bits are set, b elsewhere.</summary>
    static abstract T Select(T mask, T a, T b);

    static abstract T And(T a, T b);

    /// <summary>One bit per element: its sign bit.</summary>
    static abstract uint Bits(T mask);
}
