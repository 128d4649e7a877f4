using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Converts 8 or 4 EVT2 words at once. Each event is four 32-bit lanes (time low, time high, y·2^16 + x, polarity), so a 4×4 transpose of
/// the unpacked fields gives the events in memory order.</summary>
/// <remarks>
/// All lanes are converted and stored without looking; the answer says how many from the front were events inside the sensor, and the caller
/// overwrites the rest. That keeps the step free of branches however short the runs are. Integers only, so every width gives the same bits.
/// </remarks>
internal static class Evt2Vectors
{
    /// <summary>Gets the widest step this machine runs in hardware: 8, 4, or 0 for none.</summary>
    public static int BestLanes => Avx2.IsSupported ? 8 : Lanes4Supported ? 4 : 0;

    /// <summary>Gets whether <see cref="Convert4"/> can run here.</summary>
    public static bool Lanes4Supported => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Gets whether <see cref="Convert8"/> can run here.</summary>
    public static bool Lanes8Supported => Avx2.IsSupported;

    /// <summary>Converts 8 words.</summary>
    /// <param name="words">The first of 8 readable words.</param>
    /// <param name="events">The first of 8 writable events.</param>
    /// <param name="time">Time of the current TIME_HIGH; a multiple of 64 µs.</param>
    /// <param name="maxX">The last column, in every lane.</param>
    /// <param name="maxY">The last row, in every lane.</param>
    /// <param name="last">Time of the last event handed out.</param>
    /// <param name="backwards">Takes the count of events earlier than the one before.</param>
    /// <returns>How many words from the front were events inside the sensor.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Convert8(ref uint words, ref Event events, long time, Vector256<int> maxX, Vector256<int> maxY, ref long last, ref int backwards)
    {
        var w = Vector256.LoadUnsafe(ref words);
        var p = w >>> 28;
        var x = (w >>> 11) & Vector256.Create(0x7FFu);
        var y = w & Vector256.Create(0x7FFu);
        var low = (w >>> 22) & Vector256.Create(63u);
        var bad = Vector256.GreaterThan(p.AsInt32(), Vector256<int>.One) | Vector256.GreaterThan(x.AsInt32(), maxX) | Vector256.GreaterThan(y.AsInt32(), maxY);

        var timeLow = low | Vector256.Create((uint)time);
        var timeHigh = Vector256.Create((uint)(time >> 32));
        var xy = x | (y << 16);
        var t01 = Avx2.UnpackLow(timeLow, timeHigh).AsUInt64();
        var t23 = Avx2.UnpackHigh(timeLow, timeHigh).AsUInt64();
        var q01 = Avx2.UnpackLow(xy, p).AsUInt64();
        var q23 = Avx2.UnpackHigh(xy, p).AsUInt64();
        var e04 = Avx2.UnpackLow(t01, q01);
        var e15 = Avx2.UnpackHigh(t01, q01);
        var e26 = Avx2.UnpackLow(t23, q23);
        var e37 = Avx2.UnpackHigh(t23, q23);
        ref ulong to = ref Unsafe.As<Event, ulong>(ref events);
        Avx2.Permute2x128(e04, e15, 0x20).StoreUnsafe(ref to);
        Avx2.Permute2x128(e26, e37, 0x20).StoreUnsafe(ref to, 4);
        Avx2.Permute2x128(e04, e15, 0x31).StoreUnsafe(ref to, 8);
        Avx2.Permute2x128(e26, e37, 0x31).StoreUnsafe(ref to, 12);

        var before = Avx2.PermuteVar8x32(low, Vector256.Create(0u, 0, 1, 2, 3, 4, 5, 6));
        uint back = Vector256.GreaterThan(before.AsInt32(), low.AsInt32()).ExtractMostSignificantBits();
        int good = BitOperations.TrailingZeroCount(bad.ExtractMostSignificantBits() | 0x100u);
        Settle(ref events, good, back, ref last, ref backwards);
        return good;
    }

    /// <summary>Converts 4 words; otherwise as <see cref="Convert8"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Convert4(ref uint words, ref Event events, long time, Vector128<int> maxX, Vector128<int> maxY, ref long last, ref int backwards)
    {
        var w = Vector128.LoadUnsafe(ref words);
        var p = w >>> 28;
        var x = (w >>> 11) & Vector128.Create(0x7FFu);
        var y = w & Vector128.Create(0x7FFu);
        var low = (w >>> 22) & Vector128.Create(63u);
        var bad = Vector128.GreaterThan(p.AsInt32(), Vector128<int>.One) | Vector128.GreaterThan(x.AsInt32(), maxX) | Vector128.GreaterThan(y.AsInt32(), maxY);

        var timeLow = low | Vector128.Create((uint)time);
        var timeHigh = Vector128.Create((uint)(time >> 32));
        var xy = x | (y << 16);
        var t01 = ZipLow(timeLow, timeHigh).AsUInt64();
        var t23 = ZipHigh(timeLow, timeHigh).AsUInt64();
        var q01 = ZipLow(xy, p).AsUInt64();
        var q23 = ZipHigh(xy, p).AsUInt64();
        ref ulong to = ref Unsafe.As<Event, ulong>(ref events);
        ZipLow(t01, q01).StoreUnsafe(ref to);
        ZipHigh(t01, q01).StoreUnsafe(ref to, 2);
        ZipLow(t23, q23).StoreUnsafe(ref to, 4);
        ZipHigh(t23, q23).StoreUnsafe(ref to, 6);

        var before = Vector128.Shuffle(low, Vector128.Create(0u, 0, 1, 2));
        uint back = Vector128.GreaterThan(before.AsInt32(), low.AsInt32()).ExtractMostSignificantBits();
        int good = BitOperations.TrailingZeroCount(bad.ExtractMostSignificantBits() | 0x10u);
        Settle(ref events, good, back, ref last, ref backwards);
        return good;
    }

    /// <summary>Counts steps back among the good events and remembers the time of the last one.</summary>
    /// <param name="events">The first event of the step.</param>
    /// <param name="good">How many are good.</param>
    /// <param name="back">Bit i is set when event i is earlier than event i − 1 of this step.</param>
    /// <param name="last">Time of the last event handed out.</param>
    /// <param name="backwards">Takes the count.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Settle(ref Event events, int good, uint back, ref long last, ref int backwards)
    {
        if (good == 0) return;
        if (events.TimeUs < last) backwards++;
        back &= (1u << good) - 1;
        if (back != 0) backwards += BitOperations.PopCount(back);
        last = Unsafe.Add(ref events, good - 1).TimeUs;
    }

    private static Vector128<uint> ZipLow(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<uint> ZipHigh(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static Vector128<ulong> ZipLow(Vector128<ulong> a, Vector128<ulong> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<ulong> ZipHigh(Vector128<ulong> a, Vector128<ulong> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
