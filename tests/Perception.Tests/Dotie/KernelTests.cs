using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

public class KernelTests
{
    [Fact]
    public void LifKernel_AllTwins_AgreeBitForBit()
    {
        var random = new RandomStream(1);
        for (int run = 0; run < 300; run++)
        {
            var rows = new byte[3][];
            for (int r = 0; r < 3; r++)
            {
                rows[r] = new byte[LifKernel.Block + 34];
                for (int i = 0; i < rows[r].Length; i++) rows[r][i] = (byte)(run % 3 == 0 ? random.NextInt32(256) : random.NextInt32(8) == 0 ? random.NextInt32(12) : 0);
            }
            var u = new float[LifKernel.Block];
            for (int i = 0; i < u.Length; i++) u[i] = random.NextInt32(3) switch { 0 => 0f, 1 => (float)random.NextDouble(0, 3), _ => (float)random.NextDouble(0, 4e-6) };
            u[3] = 1f;
            u[4] = LifStep.Floor;
            var step = LifStep.For(1 + random.NextInt32(2000), new DotieOptions());
            float[] a = (float[])u.Clone(), b = (float[])u.Clone(), c = (float[])u.Clone();
            LifKernel.StepScalar(ref rows[0][1], ref rows[1][1], ref rows[2][1], ref a[0], step, out ulong ea, out ulong sa, out bool la);
            LifKernel.Step128(ref rows[0][1], ref rows[1][1], ref rows[2][1], ref b[0], step, out ulong eb, out ulong sb, out bool lb);
            LifKernel.Step256(ref rows[0][1], ref rows[1][1], ref rows[2][1], ref c[0], step, out ulong ec, out ulong sc, out bool lc);
            Assert.Equal((ea, sa, la), (eb, sb, lb));
            Assert.Equal((ea, sa, la), (ec, sc, lc));
            for (int i = 0; i < u.Length; i++)
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(a[i]), BitConverter.SingleToInt32Bits(b[i]));
                Assert.Equal(BitConverter.SingleToInt32Bits(a[i]), BitConverter.SingleToInt32Bits(c[i]));
            }
        }
    }

    [Fact]
    public void Morphology_RandomImages_MatchesBruteForce()
    {
        var random = new RandomStream(2);
        for (int run = 0; run < 150; run++)
        {
            int width = 1 + random.NextInt32(150), height = 1 + random.NextInt32(60), kernel = 1 + 2 * random.NextInt32(16), r = kernel / 2;
            var image = new BitImage(width, height);
            var set = new bool[width, height];
            int first = height, last = -1;
            for (int i = random.NextInt32(12); i >= 0; i--)
            {
                int x = random.NextInt32(width), y = random.NextInt32(height);
                image[x, y] = set[x, y] = true;
                (first, last) = (Math.Min(first, y), Math.Max(last, y));
            }
            var expected = Window(Window(Window(set, r, true), r, true), r, false);
            new Morphology(image, kernel).DilateAndClose(image, first, last);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++) Assert.True(expected[x, y] == image[x, y], $"run {run}: {width}x{height} kernel {kernel} at {x},{y}");
            }
            Assert.Equal(0UL, image.Row(0)[^1] & ~image.LastWordMask);
        }
    }

    [Fact]
    public void GridDbscan_RandomImages_MatchesTextbookAlgorithm()
    {
        var random = new RandomStream(3);
        int clusters = 0;
        for (int run = 0; run < 250; run++)
        {
            int width = 1 + random.NextInt32(140), height = 1 + random.NextInt32(100), radius = run % 2 == 0 ? 15 : 1 + random.NextInt32(20), minimum = run % 3 == 0 ? 10 : 1 + random.NextInt32(14);
            var image = new BitImage(width, height);
            int blobs = random.NextInt32(6), loose = random.NextInt32(60);
            for (int b = 0; b < blobs; b++)
            {
                int cx = random.NextInt32(width), cy = random.NextInt32(height), size = 1 + random.NextInt32(30);
                for (int i = random.NextInt32(60); i > 0; i--) Set(image, cx + random.NextInt32(size), cy + random.NextInt32(size));
            }
            for (int i = 0; i < loose; i++) Set(image, random.NextInt32(width), random.NextInt32(height));
            var dbscan = new GridDbscan(width, height, radius, minimum);
            dbscan.Run(image);
            dbscan.Run(image); // a second run must not see the first
            var expected = Textbook(image, radius, minimum);
            Assert.Equal(expected.Count, dbscan.ClusterCount);
            for (int k = 0; k < expected.Count; k++) Assert.Equal(expected[k], dbscan.Cluster(k));
            clusters += expected.Count;
        }
        Assert.True(clusters > 200, $"only {clusters} clusters: the comparison is empty");
    }

    [Fact]
    public void GridDbscan_FullImage_IsOneCluster()
    {
        var image = new BitImage(1280, 720);
        Array.Fill(image.Words, ulong.MaxValue);
        var dbscan = new GridDbscan(1280, 720, 15, 10);
        dbscan.Run(image);
        Assert.Equal(1, dbscan.ClusterCount);
        Assert.Equal(new PixelBox(0, 0, 1279, 719, 1280 * 720), dbscan.Cluster(0));
    }

    private static void Set(BitImage image, int x, int y)
    {
        if (x < image.Width && y < image.Height) image[x, y] = true;
    }

    private static bool[,] Window(bool[,] image, int r, bool any)
    {
        int width = image.GetLength(0), height = image.GetLength(1);
        var result = new bool[width, height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool found = !any;
                for (int v = Math.Max(0, y - r); v <= Math.Min(height - 1, y + r); v++)
                {
                    for (int u = Math.Max(0, x - r); u <= Math.Min(width - 1, x + r); u++) found = any ? found | image[u, v] : found & image[u, v];
                }
                result[x, y] = found;
            }
        }
        return result;
    }

    private static List<PixelBox> Textbook(BitImage image, int radius, int minimum)
    {
        var points = new List<(int X, int Y)>();
        for (int y = 0; y < image.Height; y++) for (int x = 0; x < image.Width; x++) if (image[x, y]) points.Add((x, y));
        List<int> Near(int i)
        {
            var near = new List<int>();
            for (int j = 0; j < points.Count; j++)
            {
                int dx = points[i].X - points[j].X, dy = points[i].Y - points[j].Y;
                if (dx * dx + dy * dy <= radius * radius) near.Add(j);
            }
            return near;
        }
        var label = new int[points.Count];
        Array.Fill(label, -2);
        int clusters = 0;
        for (int i = 0; i < points.Count; i++)
        {
            if (label[i] != -2) continue;
            var near = Near(i);
            if (near.Count < minimum)
            {
                label[i] = -1;
                continue;
            }
            label[i] = clusters;
            var queue = new Queue<int>(near);
            while (queue.TryDequeue(out int j))
            {
                if (label[j] == -1) label[j] = clusters;
                if (label[j] != -2) continue;
                label[j] = clusters;
                var further = Near(j);
                if (further.Count >= minimum) foreach (int k in further) queue.Enqueue(k);
            }
            clusters++;
        }
        var boxes = new List<PixelBox>();
        for (int c = 0; c < clusters; c++)
        {
            var mine = points.Where((_, i) => label[i] == c).ToList();
            boxes.Add(new PixelBox((ushort)mine.Min(p => p.X), (ushort)mine.Min(p => p.Y), (ushort)mine.Max(p => p.X), (ushort)mine.Max(p => p.Y), mine.Count));
        }
        return boxes;
    }
}
