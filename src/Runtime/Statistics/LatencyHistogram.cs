using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Collects durations in fixed memory: log-linear counters for percentiles, exact minimum, maximum, mean and deviation.</summary>
/// <remarks>
/// 2048 counters cover 0 … 2^37−1 ns (137 s). Values below 128 ns have a counter each; above, a counter is at most 1/64 of its value wide
/// (v &lt; 64 → index v; else e = ⌊log2 v⌋, s = e − 6, index = 64·s + (v ≫ s)). Longer durations fall into the last counter, but count fully in
/// mean and maximum; negative ones count as 0. Sums are integers, so the order of recording and merging does not change any figure.
/// <para>Threads: one writer. <see cref="Summarize"/>, <see cref="Percentile"/> and <see cref="CopyTo"/> may run on another thread meanwhile
/// and then give a snapshot that is off by the few samples in flight (a standard deviation may be off by one carry between its two words);
/// for exact figures let the writer swap two histograms. <see cref="Record"/> does not allocate, lock or divide.</para>
/// </remarks>
public sealed class LatencyHistogram
{
    /// <summary>How many counters there are.</summary>
    public const int CounterCount = 2048;

    private const int SubBits = 6;

    // Squares of longer durations (104 days) could overflow the 128-bit sum of squares.
    private const long LongestValue = (1L << 53) - 1;

    private readonly long[] _counters = new long[CounterCount];
    private long _count, _sum, _min = long.MaxValue, _max = -1, _jitterCount, _jitterSum, _jitterMax, _previous = -1;
    private ulong _worstId;
    private UInt128 _sumOfSquares;

    /// <summary>Gets how many durations were recorded.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Gets the shortest duration in nanoseconds; 0 when nothing was recorded.</summary>
    public long MinNs => Count == 0 ? 0 : Volatile.Read(ref _min);

    /// <summary>Gets the longest duration in nanoseconds, exact; 0 when nothing was recorded.</summary>
    public long MaxNs => Math.Max(0, Volatile.Read(ref _max));

    /// <summary>Gets the mean in nanoseconds; 0 when nothing was recorded.</summary>
    public double MeanNs => Count == 0 ? 0 : (double)Volatile.Read(ref _sum) / Count;

    /// <summary>Gets the sample standard deviation in nanoseconds; 0 below two samples.</summary>
    public double StddevNs
    {
        get
        {
            long n = Count;
            if (n < 2) return 0;
            UInt128 sum = (UInt128)Volatile.Read(ref _sum), mean2 = sum * sum / (UInt128)n, squares = _sumOfSquares;
            return squares <= mean2 ? 0 : Math.Sqrt((double)(squares - mean2) / (n - 1));
        }
    }

    /// <summary>Gets the mean |difference of consecutive durations| in nanoseconds; 0 below two samples.</summary>
    public double JitterMeanNs => _jitterCount == 0 ? 0 : (double)_jitterSum / _jitterCount;

    /// <summary>Gets the largest |difference of consecutive durations| in nanoseconds.</summary>
    public long JitterMaxNs => Volatile.Read(ref _jitterMax);

    /// <summary>Gets the id given with the longest duration; of several equal ones the first.</summary>
    public ulong WorstId => Volatile.Read(ref _worstId);

    /// <summary>Records one duration. Writer's thread only.</summary>
    /// <param name="nanoseconds">The duration; negative counts as 0.</param>
    /// <param name="id">The cycle it belongs to, kept when it is the longest so far.</param>
    public void Record(long nanoseconds, ulong id = 0)
    {
        long value = nanoseconds < 0 ? 0 : Math.Min(nanoseconds, LongestValue);
        _counters[IndexOf(value)]++;
        _sum += value;
        _sumOfSquares += Math.BigMul((ulong)value, (ulong)value);
        if (value < _min) _min = value;
        if (value > _max)
        {
            _max = value;
            _worstId = id;
        }
        if (_previous >= 0)
        {
            long jitter = Math.Abs(value - _previous);
            _jitterCount++;
            _jitterSum += jitter;
            if (jitter > _jitterMax) _jitterMax = jitter;
        }
        _previous = value;
        Volatile.Write(ref _count, _count + 1); // last, so that a reader that sees the sample counted finds it in the sums too
    }

    /// <summary>Returns the duration in nanoseconds that the given share of all recorded ones does not exceed.</summary>
    /// <param name="share">In [0, 1]; 0.99 is the 99th percentile. 0 gives the minimum, 1 the maximum.</param>
    /// <returns>Never below the true order statistic of rank ⌈share·n⌉, and at most 1/64 above it; 0 when nothing was recorded.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in [0, 1].</exception>
    public long Percentile(double share)
    {
        if (!(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A percentile's share must be in [0, 1].");
        if (share == 0) return MinNs;
        long total = 0; // summed here and not taken from _count, so that a concurrent writer cannot make the rank unreachable
        foreach (long counter in _counters) total += counter;
        if (total == 0) return 0;
        long rank = Math.Clamp((long)Math.Ceiling(share * total), 1, total), seen = 0;
        for (int i = 0; i < CounterCount; i++)
        {
            seen += _counters[i];
            if (seen >= rank) return i == CounterCount - 1 ? MaxNs : Math.Clamp(UpperBoundOf(i), MinNs, MaxNs);
        }
        return MaxNs;
    }

    /// <summary>Returns all figures at once. Allocates the record; not for the loop thread.</summary>
    public LatencySummary Summarize() => Count == 0 ? LatencySummary.Empty : new LatencySummary(
        Count, MinNs, MeanNs, StddevNs, Percentile(0.5), Percentile(0.99), Percentile(0.999), MaxNs, JitterMeanNs, JitterMaxNs, WorstId);

    /// <summary>Adds all that another histogram recorded, as if it had been recorded here. The step from one to the other is no jitter.</summary>
    public void Merge(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < CounterCount; i++) _counters[i] += other._counters[i];
        _sum += other._sum;
        _sumOfSquares += other._sumOfSquares;
        _min = Math.Min(_min, other._min);
        if (other._max > _max) (_max, _worstId) = (other._max, other._worstId);
        _jitterCount += other._jitterCount;
        _jitterSum += other._jitterSum;
        _jitterMax = Math.Max(_jitterMax, other._jitterMax);
        Volatile.Write(ref _count, _count + other._count);
    }

    /// <summary>Makes another histogram a copy of this one. Does not allocate.</summary>
    public void CopyTo(LatencyHistogram target)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.Reset();
        target.Merge(this);
        target._previous = _previous;
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_counters);
        (_count, _sum, _min, _max, _jitterCount, _jitterSum, _jitterMax, _previous) = (0, 0, long.MaxValue, -1, 0, 0, 0, -1);
        _worstId = 0;
        _sumOfSquares = 0;
    }

    /// <summary>Returns the counter a duration belongs to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value) - SubBits);
        return (int)Math.Min(((long)shift << SubBits) + (value >> shift), CounterCount - 1);
    }

    /// <summary>Returns the longest duration that belongs to a counter, in nanoseconds.</summary>
    internal static long UpperBoundOf(int index)
    {
        int shift = Math.Max(0, (index >> SubBits) - 1);
        return ((index - ((long)shift << SubBits) + 1) << shift) - 1;
    }
}
