using System.Buffers.Binary;
using System.Numerics;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class StateHasherTests
{
    private static ulong HashBytes(ReadOnlySpan<byte> bytes)
    {
        var hasher = new StateHasher(0);
        hasher.AddBytes(bytes);
        return hasher.Value;
    }

    private static ulong HashWords(params ulong[] words)
    {
        var hasher = new StateHasher(0);
        foreach (ulong word in words) hasher.Add(word);
        return hasher.Value;
    }

    // Flipping any input bit must flip each output bit half the time: 0.5 ± 0.07 is five standard errors of 1280 trials.
    [Fact]
    public void Add_OneBitChanged_ChangesEveryOutputBitHalfTheTime()
    {
        const int Trials = 1280;
        var random = new RandomStream(1);
        for (int input = 0; input < 64; input++)
        {
            var flips = new int[64];
            for (int t = 0; t < Trials; t++)
            {
                ulong word = random.NextUInt64(), context = random.NextUInt64();
                Count(flips, HashWords(context, word) ^ HashWords(context, word ^ 1UL << input));
            }
            AssertBalanced(flips, Trials, $"word bit {input}");
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(71)]
    public void AddBytes_OneBitChanged_ChangesEveryOutputBitHalfTheTime(int length)
    {
        const int Trials = 1280;
        var random = new RandomStream(2);
        var bytes = new byte[length];
        for (int input = 0; input < 8 * length; input += 13)
        {
            var flips = new int[64];
            for (int t = 0; t < Trials; t++)
            {
                for (int i = 0; i < length; i++) bytes[i] = (byte)random.NextUInt64();
                ulong before = HashBytes(bytes);
                bytes[input / 8] ^= (byte)(1 << (input & 7));
                Count(flips, before ^ HashBytes(bytes));
            }
            AssertBalanced(flips, Trials, $"length {length}, bit {input}");
        }
    }

    private static void Count(int[] flips, ulong difference)
    {
        for (; difference != 0; difference &= difference - 1) flips[BitOperations.TrailingZeroCount(difference)]++;
    }

    private static void AssertBalanced(int[] flips, int trials, string what)
    {
        for (int bit = 0; bit < 64; bit++) Assert.True(Math.Abs((double)flips[bit] / trials - 0.5) < 0.07, $"{what}: output bit {bit} flips {flips[bit]} of {trials} times");
    }

    [Fact]
    public void Value_ZerosOfEveryCount_AreAllDifferent()
    {
        var seen = new HashSet<ulong>();
        var hasher = new StateHasher(0);
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(seen.Add(hasher.Value), $"{i} zero words hash like fewer of them");
            hasher.Add(0UL);
        }
        seen.Clear(); // an empty span adds its length, 0, and so rightly equals one zero word
        var zeros = new byte[2000];
        for (int i = 0; i <= zeros.Length; i++) Assert.True(seen.Add(HashBytes(zeros.AsSpan(0, i))), $"{i} zero bytes");
    }

    // 2.4 million structured inputs: by chance two 64-bit values meet with probability 2e-7.
    [Fact]
    public void Value_SmallAndSimilarInputs_NeverCollide()
    {
        var seen = new HashSet<ulong>(2_400_000);
        for (ulong a = 0; a < 1200; a++)
        {
            for (ulong b = 0; b < 1000; b++) Assert.True(seen.Add(HashWords(a, b)));
        }
        var bytes = new byte[64];
        for (int i = 0; i < 1_200_000; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i % 60), i);
            bytes[63] = (byte)(i % 60); // or 256 here and 1 one byte later would be the same input
            Assert.True(seen.Add(HashBytes(bytes)));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i % 60), 0);
        }
    }

    [Fact]
    public void Add_OrderTypeAndBoundaries_Matter()
    {
        Assert.NotEqual(HashWords(1, 2), HashWords(2, 1));
        Assert.NotEqual(HashWords(1), HashWords(1, 0));
        Assert.NotEqual(new StateHasher(1).Value, new StateHasher(2).Value);
        Assert.NotEqual(HashOf(h => h), HashOf(h => { h.AddBytes([]); return h; }));
        Assert.NotEqual(HashOf(h => { h.AddBytes([1, 2]); h.AddBytes([3]); return h; }), HashOf(h => { h.AddBytes([1]); h.AddBytes([2, 3]); return h; }));
        Assert.NotEqual(HashOf(h => { h.Add(0f); return h; }), HashOf(h => { h.Add(-0f); return h; }));
        // A lane-wise hash must notice words that change places, within and across the lanes.
        var words = Enumerable.Range(0, 128).Select(i => (byte)i).ToArray();
        ulong original = HashBytes(words);
        for (int i = 0; i < 16; i++)
        {
            for (int k = i + 1; k < 16; k++)
            {
                var swapped = words.ToArray();
                words.AsSpan(8 * i, 8).CopyTo(swapped.AsSpan(8 * k));
                words.AsSpan(8 * k, 8).CopyTo(swapped.AsSpan(8 * i));
                Assert.NotEqual(original, HashBytes(swapped));
            }
        }
    }

    [Fact]
    public void Add_AnyNaN_CountsAsOne()
    {
        foreach (uint bits in new uint[] { 0xFFC00000, 0x7FC00000, 0x7F800001, 0xFFFFFFFF })
        {
            Assert.Equal(HashOf(h => { h.Add(float.NaN); return h; }), HashOf(h => { h.Add(BitConverter.UInt32BitsToSingle(bits)); return h; }));
        }
        Assert.Equal(
            HashOf(h => { h.Add(double.NaN); return h; }),
            HashOf(h => { h.Add(BitConverter.UInt64BitsToDouble(0x7FF8000000000001)); return h; }));
    }

    // Recordings carry these values: whoever changes the function makes every older recording diverge in its first cycle.
    [Fact]
    public void Value_ReferenceInput_IsPinned()
    {
        var hasher = new StateHasher(42);
        hasher.Add(1UL);
        hasher.Add(-1);
        hasher.Add(1.5f);
        hasher.Add(-2.25);
        hasher.AddBytes(Enumerable.Range(0, 100).Select(i => (byte)i).ToArray());
        Assert.Equal("E7DB8EA945078D31", $"{hasher.Value:X16}");
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        var bytes = new byte[1000];
        Allocations.AssertNone(() =>
        {
            var hasher = new StateHasher(1);
            hasher.Add(1.5f);
            hasher.AddBytes(bytes);
            _ = hasher.Value;
        });
    }

    private static ulong HashOf(Func<StateHasher, StateHasher> add) => add(new StateHasher(0)).Value;
}
