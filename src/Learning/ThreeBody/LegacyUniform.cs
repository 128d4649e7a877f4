namespace EdgeAutonomy.Learning;

/// <summary>Draws the uniform numbers that <c>numpy.random.seed(s)</c> and <c>numpy.random.uniform(low, high)</c> give, bit for bit.</summary>
/// <remarks>
/// <para>
/// The Mersenne Twister MT19937 (Matsumoto and Nishimura, ACM TOMACS 8, 1998) with the one-word seeding and the 53-bit doubles of numpy's legacy generator. It
/// exists for one purpose: published experiments name their initial conditions by such a seed. New randomness uses <see cref="RandomStream"/>.
/// </para>
/// <para>Seeding allocates nothing after construction. Not safe for several threads at once.</para>
/// </remarks>
public sealed class LegacyUniform
{
    private const int Size = 624;
    private const int Middle = 397;
    private readonly uint[] _words = new uint[Size];
    private int _next;

    /// <summary>Creates the generator as <c>numpy.random.seed(seed)</c> leaves it.</summary>
    /// <param name="seed">Any 32-bit value.</param>
    public LegacyUniform(uint seed) => Seed(seed);

    /// <summary>Starts the sequence of another seed. Allocates nothing.</summary>
    /// <param name="seed">Any 32-bit value.</param>
    public void Seed(uint seed)
    {
        _words[0] = seed;
        for (int i = 1; i < Size; i++) _words[i] = (1812433253u * (_words[i - 1] ^ (_words[i - 1] >> 30))) + (uint)i;
        _next = Size;
    }

    /// <summary>Returns the next 32 tempered bits.</summary>
    public uint NextWord()
    {
        if (_next == Size) Twist();
        uint y = _words[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680u;
        y ^= (y << 15) & 0xEFC60000u;
        return y ^ (y >> 18);
    }

    /// <summary>Returns the next number of [0, 1), a multiple of 2⁻⁵³ made of two words.</summary>
    public double NextUnit()
    {
        uint high = NextWord() >> 5;
        uint low = NextWord() >> 6;
        return ((high * 67108864.0) + low) / 9007199254740992.0;
    }

    /// <summary>Returns <c>low + (high − low)·unit</c>; <paramref name="high"/> may be below <paramref name="low"/>, as in numpy.</summary>
    /// <param name="low">The end that can be returned; finite.</param>
    /// <param name="high">The other end; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite.</exception>
    public double Next(double low, double high)
    {
        if (!double.IsFinite(low)) throw new ArgumentOutOfRangeException(nameof(low), low, "The low end of a uniform range must be finite.");
        if (!double.IsFinite(high)) throw new ArgumentOutOfRangeException(nameof(high), high, "The high end of a uniform range must be finite.");
        return low + ((high - low) * NextUnit());
    }

    private void Twist()
    {
        for (int i = 0; i < Size; i++)
        {
            uint joined = (_words[i] & 0x80000000u) | (_words[(i + 1) % Size] & 0x7FFFFFFFu);
            _words[i] = _words[(i + Middle) % Size] ^ (joined >> 1) ^ ((joined & 1) * 0x9908B0DFu);
        }
        _next = 0;
    }
}
