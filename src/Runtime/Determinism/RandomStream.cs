using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace EdgeAutonomy.Runtime;

/// <summary>A seeded random stream: xoshiro256** (Blackman and Vigna 2018), seeded through SplitMix64.</summary>
/// <remarks>Every stage owns one; its state is part of the keyframe. One thread at a time. Allocation-free.</remarks>
public sealed class RandomStream : IFreezable, IPayload
{
    internal const int StateBytes = 32;
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Makes a stream from a seed.</summary>
    public RandomStream(ulong seed) => Reseed(seed);

    /// <summary>Makes the stream that belongs to a name under a run seed: SplitMix64(runSeed ^ FNV-1a-64(name)).</summary>
    public static RandomStream For(ulong runSeed, string name) => new(runSeed ^ Fnv1a(name));

    /// <summary>Starts the stream over from a seed.</summary>
    public void Reseed(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>Returns 64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9, t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Returns a number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>Returns a number in [0, 1) with 24 random bits.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1.0f / (1 << 24));

    /// <summary>Returns a whole number in [0, <paramref name="bound"/>), without modulo bias that matters below 2^32.</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Returns a standard normal number by Marsaglia's polar method.</summary>
    public double NextGaussian()
    {
        while (true)
        {
            double u = 2 * NextDouble() - 1, v = 2 * NextDouble() - 1, s = u * u + v * v;
            if (s is > 0 and < 1) return u * Math.Sqrt(-2 * DeterministicMath.Log(s) / s);
        }
    }

    /// <summary>Returns an exponentially distributed number with mean 1.</summary>
    public double NextExponential() => -DeterministicMath.Log(1 - NextDouble());

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var span = writer.GetSpan(StateBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(span, _s0);
        BinaryPrimitives.WriteUInt64LittleEndian(span[8..], _s1);
        BinaryPrimitives.WriteUInt64LittleEndian(span[16..], _s2);
        BinaryPrimitives.WriteUInt64LittleEndian(span[24..], _s3);
        writer.Advance(StateBytes);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        if (state.Length != StateBytes) throw new InvalidDataException($"Random stream: state has {state.Length} bytes, must have {StateBytes}; the keyframe is of another version.");
        // From all zeros the generator would give zeros for ever; no seed leads there, so such a state is damage.
        if (!state.ContainsAnyExcept((byte)0)) throw new InvalidDataException("Random stream: state is all zero, which the generator cannot reach; the keyframe is damaged.");
        _s0 = BinaryPrimitives.ReadUInt64LittleEndian(state);
        _s1 = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
        _s2 = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        _s3 = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_s0);
        hasher.Add(_s1);
        hasher.Add(_s2);
        hasher.Add(_s3);
    }

    /// <summary>Returns the 64-bit FNV-1a hash of a name's UTF-16 code units, low byte first.</summary>
    public static ulong Fnv1a(string name)
    {
        ulong h = 0xCBF29CE484222325;
        foreach (char c in name)
        {
            h = (h ^ (byte)c) * 0x100000001B3;
            h = (h ^ (byte)(c >> 8)) * 0x100000001B3;
        }
        return h;
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
