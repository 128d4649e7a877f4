using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>A set of one-degree sectors about the sensor: sector k spans [k°, k+1°), counter-clockwise from straight ahead (+x).</summary>
/// <remarks>Six 64-bit words; bits above 359 are always zero. Allocation-free.</remarks>
public struct SectorMask : IEquatable<SectorMask>, IPayload
{
    /// <summary>How many sectors there are.</summary>
    public const int Count = 360;

    private Words _words;

    /// <summary>Gets the mask with every sector set.</summary>
    public static SectorMask All
    {
        get
        {
            var all = default(SectorMask);
            for (int i = 0; i < 5; i++) all._words[i] = ulong.MaxValue;
            all._words[5] = (1UL << (Count - 320)) - 1;
            return all;
        }
    }

    /// <summary>Gets how many sectors are set.</summary>
    public readonly int Population
    {
        get
        {
            int n = 0;
            for (int i = 0; i < 6; i++) n += BitOperations.PopCount(_words[i]);
            return n;
        }
    }

    /// <summary>Tells whether a sector is set.</summary>
    /// <param name="sector">Any whole number of degrees; taken modulo 360.</param>
    public readonly bool Contains(int sector)
    {
        int k = Wrap(sector);
        return (_words[k >> 6] >> (k & 63) & 1) != 0;
    }

    /// <summary>Sets one sector.</summary>
    /// <param name="sector">Any whole number of degrees; taken modulo 360.</param>
    public void Add(int sector)
    {
        int k = Wrap(sector);
        _words[k >> 6] |= 1UL << (k & 63);
    }

    /// <summary>Sets <paramref name="count"/> sectors from <paramref name="first"/> on, counter-clockwise.</summary>
    public void AddRange(int first, int count)
    {
        for (int i = 0; i < Math.Min(count, Count); i++) Add(first + i);
    }

    /// <summary>Joins two masks.</summary>
    public static SectorMask operator |(SectorMask a, SectorMask b)
    {
        for (int i = 0; i < 6; i++) a._words[i] |= b._words[i];
        return a;
    }

    /// <inheritdoc/>
    public readonly void AddTo(ref StateHasher hasher)
    {
        for (int i = 0; i < 6; i++) hasher.Add(_words[i]);
    }

    /// <inheritdoc/>
    public readonly bool Equals(SectorMask other)
    {
        for (int i = 0; i < 6; i++)
        {
            if (_words[i] != other._words[i]) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is SectorMask other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => (int)(_words[0] ^ _words[1] ^ _words[2] ^ _words[3] ^ _words[4] ^ _words[5]);

    /// <summary>Compares two masks.</summary>
    public static bool operator ==(SectorMask a, SectorMask b) => a.Equals(b);

    /// <summary>Compares two masks.</summary>
    public static bool operator !=(SectorMask a, SectorMask b) => !a.Equals(b);

    private static int Wrap(int sector)
    {
        int k = sector % Count;
        return k < 0 ? k + Count : k;
    }

    [InlineArray(6)]
    private struct Words
    {
        private ulong _first;
    }
}
