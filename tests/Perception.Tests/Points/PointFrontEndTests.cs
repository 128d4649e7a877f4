using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>From events to codes: reservoir, windows, centroids, neighbours, coding.</summary>
public sealed class PointFrontEndTests
{
    [Theory]
    [InlineData(10, 200, true)]
    [InlineData(10, 200, false)]
    [InlineData(1, 37, true)]
    [InlineData(32, 33, false)]
    public void Reservoir_ManyStreams_EveryEventIsTakenEquallyOften(int capacity, int events, bool inSpans)
    {
        const int Runs = 20_000;
        var random = new RandomStream(7);
        var reservoir = new PointReservoir(capacity);
        var stream = Enumerable.Range(0, events).Select(i => new Event(i, 0, 0, 0)).ToArray();
        var taken = new int[events];
        for (int run = 0; run < Runs; run++)
        {
            reservoir.Clear();
            if (inSpans)
            {
                int cut = run % events;
                reservoir.Add(stream.AsSpan(0, cut), random);
                reservoir.Add(stream.AsSpan(cut), random);
            }
            else
            {
                foreach (var e in stream) reservoir.Add(e, random);
            }
            Assert.Equal(capacity, reservoir.Sample.Length);
            foreach (ref readonly var e in reservoir.Sample) taken[e.TimeUs]++;
        }
        double p = (double)capacity / events, expected = Runs * p;
        // Samples without replacement: the counts have variance n·p·(1 − p), and their chi-square events − 1 degrees of freedom once divided by that and scaled.
        double chi = taken.Sum(n => (n - expected) * (n - expected)) / (expected * (1 - p)) * (events - 1) / events;
        // Mean f, variance 2f: five standard deviations either way, with a fixed seed. A sample that favoured early or late events by 5 % would give thousands.
        double f = events - 1;
        Assert.InRange(chi, Math.Max(0, f - 5 * Math.Sqrt(2 * f)), f + 5 * Math.Sqrt(2 * f));
    }

    [Fact]
    public void Reservoir_SpansAndSingleEvents_GiveTheSameSample()
    {
        var stream = Enumerable.Range(0, 5000).Select(i => new Event(i, (ushort)(i % 34), 3, 1)).ToArray();
        PointReservoir one = new(64), many = new(64);
        RandomStream a = new(3), b = new(3);
        foreach (var e in stream) one.Add(e, a);
        for (int at = 0, n = 1; at < stream.Length; at += n, n = n * 3 % 97 + 1) many.Add(stream.AsSpan(at, Math.Min(n, stream.Length - at)), b);
        Assert.Equal(one.Sample.ToArray(), many.Sample.ToArray());
        Assert.Equal(a.NextUInt64(), b.NextUInt64());
    }

    [Fact]
    public void Reservoir_FewerEventsThanRoom_KeepsAll()
    {
        var reservoir = new PointReservoir(16);
        var random = new RandomStream(1);
        for (int i = 0; i < 9; i++) reservoir.Add(new Event(i, 0, 0, 0), random);
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (long)i), reservoir.Sample.ToArray().Select(e => e.TimeUs));
    }

    [Fact]
    public void Windows_AnyPartition_GiveTheSameWindows()
    {
        var random = new RandomStream(5);
        var stream = new Event[4000];
        long t = -5000;
        for (int i = 0; i < stream.Length; i++) stream[i] = new Event(t += random.NextInt32(i == 2000 ? 100_000 : 20), (ushort)random.NextInt32(34), (ushort)random.NextInt32(34), 0);
        var options = new PointOptions { WindowUs = 3000, Overlap = 3, Points = 4096, Neighbours = 8 };
        var whole = Ended(options, stream, stream.Length, t + 10_000);
        foreach (int size in (int[])[1, 7, 500])
        {
            Assert.Equal(whole, Ended(options, stream, size, t + 10_000));
        }
        // Each window holds exactly the events of its time: nothing lost, nothing twice.
        foreach (var (start, seen) in whole) Assert.Equal(stream.Count(e => e.TimeUs >= start && e.TimeUs < start + 3000), seen);
        Assert.Equal(stream.Length * 3, whole.Sum(w => w.Seen));
    }

    [Fact]
    public void Windows_LateAndImpossibleEvents_AreCountedAndJumpsDoNotHang()
    {
        var windows = new PointWindows(new PointOptions { WindowUs = 1000, Overlap = 2 }, new RandomStream(1));
        int at = 0;
        Assert.False(windows.Next([new Event(100, 1, 1, 0), new Event(long.MaxValue, 1, 1, 0), new Event(long.MinValue, 1, 1, 0)], ref at, 100));
        Assert.Equal(2, windows.Dropped);
        at = 0;
        Event[] later = [new Event(1L << 59, 1, 1, 0), new Event(100, 1, 1, 0)];
        int ended = 0;
        while (windows.Next(later, ref at, long.MinValue)) ended++;
        Assert.Equal(2, ended); // the event at 100 µs was in two windows; the years in between are jumped over
        Assert.Equal(3, windows.Dropped);
    }

    [Theory]
    [InlineData(PointCentroids.Farthest)]
    [InlineData(PointCentroids.VoxelGrid)]
    public void Centroids_OfEachKind_AreDistinctWhileThereArePoints(PointCentroids kind)
    {
        var (x, y, t, n) = Cloud(9, 200);
        var groups = new PointGroups(new PointOptions { Centroids = kind, Points = 256, VoxelsPerAxis = 3 });
        foreach (int count in (int[])[1, 27, 64, 200])
        {
            var chosen = new int[count];
            groups.Choose(x, y, t, n, chosen);
            Assert.Equal(count, chosen.Distinct().Count());
            Assert.All(chosen, i => Assert.InRange(i, 0, n - 1));
        }
        var many = new int[450];
        groups.Choose(x, y, t, n, many); // more groups than points
        Assert.All(many, i => Assert.InRange(i, 0, n - 1));
    }

    [Fact]
    public void Farthest_RandomClouds_MatchesBruteForce()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            int n = 20 + (int)seed * 7;
            var (x, y, t, _) = Cloud(seed, n);
            var chosen = new int[15];
            new PointGroups(new PointOptions { Points = 256 }).Choose(x, y, t, n, chosen);
            var expected = new List<int> { 0 };
            while (expected.Count < chosen.Length)
            {
                var nearest = Enumerable.Range(0, n).Select(i => expected.Min(c => Square(x, y, t, i, c))).ToArray();
                expected.Add(Array.IndexOf(nearest, nearest.Max()));
            }
            Assert.Equal(expected, chosen);
        }
    }

    [Fact]
    public void Nearest_RandomClouds_MatchesSortingAll()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            int n = 5 + (int)seed * 11;
            var (x, y, t, _) = Cloud(seed, n);
            int k = Math.Min(n, 12);
            var groups = new PointGroups(new PointOptions { Points = 256, Neighbours = 12 });
            var found = new int[12];
            for (int c = 0; c < n; c += 3)
            {
                groups.Nearest(x, y, t, n, c, found);
                Assert.Equal(Enumerable.Range(0, n).OrderBy(i => Square(x, y, t, i, c)).ThenBy(i => i).Take(k), found[..k]);
                Assert.Equal(found[..(12 - k)], found[k..]);
            }
        }
    }

    [Fact]
    public void Distances_AllTwins_AgreeBitForBit()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            int n = 1 + (int)seed * 5, padded = PointDistance.Padded(n);
            var (x, y, t, _) = Cloud(seed, n);
            x = x[..padded];
            y = y[..padded];
            t = t[..padded];
            float[] a = new float[padded], b = new float[padded], c = new float[padded];
            PointDistance.SquaresScalar(x, y, t, x[0], y[0], t[0], a);
            PointDistance.Squares128(x, y, t, x[0], y[0], t[0], b);
            PointDistance.Squares256(x, y, t, x[0], y[0], t[0], c);
            Assert.Equal(a, b);
            Assert.Equal(a, c);
            for (int i = 0; i < padded; i++) a[i] = b[i] = c[i] = i < n ? 0.25f : -1; // ties, so that the first of equals matters
            for (int step = 0; step < 10; step++)
            {
                int at = step % n, far = PointDistance.ShrinkScalar(x, y, t, x[at], y[at], t[at], a);
                Assert.Equal(far, PointDistance.Shrink128(x, y, t, x[at], y[at], t[at], b));
                Assert.Equal(far, PointDistance.Shrink256(x, y, t, x[at], y[at], t[at], c));
                Assert.Equal(a, b);
                Assert.Equal(a, c);
            }
        }
    }

    private static List<(long Start, long Seen)> Ended(PointOptions options, Event[] stream, int size, long end)
    {
        var windows = new PointWindows(options, new RandomStream(1));
        var result = new List<(long, long)>();
        for (int from = 0; from < stream.Length; from += size)
        {
            var part = stream.AsSpan(from, Math.Min(size, stream.Length - from));
            int at = 0;
            while (windows.Next(part, ref at, from + size >= stream.Length ? end : long.MinValue)) result.Add((windows.StartUs, windows.Seen));
        }
        Assert.Equal(0, windows.Dropped);
        return result;
    }

    // Coordinates on a coarse lattice, so that equal distances do occur.
    private static (float[] X, float[] Y, float[] T, int Count) Cloud(ulong seed, int n)
    {
        var random = new RandomStream(seed);
        float[] x = new float[256], y = new float[256], t = new float[256];
        for (int i = 0; i < n; i++) (x[i], y[i], t[i]) = (random.NextInt32(9) / 8f, random.NextInt32(9) / 8f, random.NextSingle());
        return (x, y, t, n);
    }

    private static float Square(float[] x, float[] y, float[] t, int i, int c)
    {
        float dx = x[i] - x[c], dy = y[i] - y[c], dt = t[i] - t[c];
        return dx * dx + dy * dy + dt * dt;
    }
}
