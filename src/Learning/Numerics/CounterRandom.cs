namespace EdgeAutonomy.Learning;

/// <summary>A random generator without state: the number is a function of a key and a counter.</summary>
/// <remarks>
/// What is drawn for (seed, epoch, batch, element) does not depend on what was drawn before: a resumed training gets the numbers of the uninterrupted one. Two
/// rounds of the SplitMix64 finaliser (Steele, Lea, Flood 2014). Immutable, thread-safe, allocation-free.
/// </remarks>
/// <param name="key">The key; keys that differ in one bit give unrelated numbers.</param>
public readonly struct CounterRandom(ulong key)
{
    /// <summary>Gets the key.</summary>
    public ulong Key { get; } = key;

    /// <summary>Makes the generator of one thing among many: of an epoch under a seed, of a batch in an epoch.</summary>
    /// <param name="index">Which one.</param>
    public CounterRandom For(ulong index) => new(Mix(Mix(Key + 0x9E3779B97F4A7C15) ^ (index + 1) * 0xD1342543DE82EF95));

    /// <summary>Returns 64 random bits.</summary>
    /// <param name="counter">Which.</param>
    public ulong Bits(ulong counter) => Mix(Mix(Key ^ 0xA0761D6478BD642F) + (counter + 1) * 0x9E3779B97F4A7C15);

    /// <summary>Returns a number in [0, 1) with 53 random bits.</summary>
    /// <param name="counter">Which.</param>
    public double Uniform(ulong counter) => (Bits(counter) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <param name="counter">Which.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    public double Uniform(ulong counter, double low, double high) => low + (high - low) * Uniform(counter);

    /// <summary>Writes a random order of 0 … n − 1 (Fisher and Yates).</summary>
    /// <param name="order">Takes the numbers; n is its length.</param>
    public void Shuffle(Span<int> order)
    {
        for (int i = 0; i < order.Length; i++) order[i] = i;
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)Math.BigMul(Bits((ulong)i), (ulong)(i + 1), out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
