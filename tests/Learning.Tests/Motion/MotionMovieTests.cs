using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public class MotionMovieTests
{
    private static readonly MotionTask Clean = new() { NoiseRate = 0, HotPixels = 0, ThresholdMismatch = 0 };

    [Fact]
    public void Inverse2D_OfRandomNumbers_EqualsTheDefinition()
    {
        const int N = 8;
        var random = new RandomStream(1);
        double[] re = new double[N * N], im = new double[N * N];
        for (int i = 0; i < re.Length; i++) (re[i], im[i]) = (random.NextGaussian(), random.NextGaussian());
        var (a, b) = ((double[])re.Clone(), (double[])im.Clone());
        new FourierTransform(N).Inverse2D(a, b);
        for (int y = 0; y < N; y++)
        {
            for (int x = 0; x < N; x++)
            {
                double sumRe = 0, sumIm = 0;
                for (int v = 0; v < N; v++)
                {
                    for (int u = 0; u < N; u++)
                    {
                        double angle = 2 * Math.PI * (u * x + v * y) / N, c = Math.Cos(angle), s = Math.Sin(angle);
                        sumRe += re[v * N + u] * c - im[v * N + u] * s;
                        sumIm += re[v * N + u] * s + im[v * N + u] * c;
                    }
                }
                // 64 terms of size 1, each off by an ulp or two of float64.
                Assert.Equal(sumRe, a[y * N + x], 1e-12 * N * N);
                Assert.Equal(sumIm, b[y * N + x], 1e-12 * N * N);
            }
        }
    }

    [Fact]
    public void Draw_Texture_HasUnitDeviationAndThePeakOfItsSpectrum()
    {
        var texture = new MovingTexture();
        float[] view = new float[48 * 48];
        double squares = 0, neighbour = 0, far = 0;
        int n = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            texture.Draw(Clean, new RandomStream(seed));
            texture.View(3.3, 60.9, 48, view);
            for (int y = 0; y < 48; y++)
            {
                for (int x = 0; x < 40; x++, n++)
                {
                    squares += view[y * 48 + x] * view[y * 48 + x];
                    neighbour += view[y * 48 + x] * view[y * 48 + x + 1];
                    far += view[y * 48 + x] * view[y * 48 + x + 4];
                }
            }
        }
        // The deviation of a view is that of the texture but for chance and a little smoothing.
        Assert.InRange(squares / n, 0.85, 1.1);
        // At 0.12 cycles a pixel half a period is four pixels: neighbours are alike, pixels four apart are not.
        Assert.InRange(neighbour / squares, 0.5, 0.95);
        Assert.InRange(far / squares, -0.5, 0.2);
    }

    [Fact]
    public void View_MovedByWholePixels_IsTheSameTextureElsewhere()
    {
        var texture = new MovingTexture();
        texture.Draw(Clean, new RandomStream(2));
        float[] a = new float[40 * 40], b = new float[40 * 40];
        texture.View(10.3, 20.7, 40, a);
        texture.View(10.3 + 3 - 64, 20.7 - 2, 40, b);
        for (int y = 0; y < 38; y++)
        {
            for (int x = 0; x < 37; x++) Assert.Equal(a[y * 40 + x + 3], b[(y + 2) * 40 + x], 1e-5f);
        }
    }

    [Fact]
    public void Create_ManyMovies_BlocksAreAsLongAndMotionsAsFrequentAsPlanned()
    {
        var task = Clean with { Size = 12, Steps = 3000 };
        var counts = new int[36];
        int blocks = 0, shortest = int.MaxValue;
        var movie = MotionMovie.Create(task, new RandomStream(3));
        for (int t = 1; t < task.Steps; t++)
        {
            Assert.Equal(movie.BlockStart[t] == movie.BlockStart[t - 1] ? movie.Labels[t - 1] : movie.Labels[t], movie.Labels[t]);
            if (movie.BlockStart[t] != t) continue;
            blocks++;
            shortest = Math.Min(shortest, t - movie.BlockStart[t - 1]);
            counts[movie.Labels[t]]++;
        }
        // 125 blocks of mean 24 with deviation √24: the mean is within 24 ± 4·√24/√125.
        Assert.InRange((double)task.Steps / (blocks + 1), 22.2, 25.8);
        Assert.InRange(shortest, task.LeastBlock, 20);
        Assert.True(counts.Count(c => c > 0) >= 30, "with 125 draws of 36 classes about one stays unseen");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(9)]
    public void Create_OneDirection_EventsMoveThatWay(int direction)
    {
        var task = Clean with { Shape = new MotionShape { Directions = 12, Speeds = [1f] }, ThresholdLow = 1, ThresholdHigh = 1, MeanBlock = 400, Steps = 40 };
        // The class is drawn; look for a seed that draws this one.
        var movie = Enumerable.Range(0, 1000).Select(s => MotionMovie.Create(task with { Steps = 13 }, new RandomStream((ulong)s))).First(m => m.Labels[0] == direction);
        int best = -1, at = 0, size = task.Size, pixels = size * size;
        for (int dy = -1; dy <= 1; dy++)
        {
            for (int dx = -1; dx <= 1; dx++)
            {
                int alike = 0;
                for (int t = 0; t < 12; t++)
                {
                    for (int y = 1; y < size - 1; y++)
                    {
                        for (int x = 1; x < size - 1; x++) alike += (movie.Events[t * pixels + y * size + x] & movie.Events[(t + 1) * pixels + (y + dy) * size + x + dx]) != 0 ? 1 : 0;
                    }
                }
                if (alike > best) (best, at) = (alike, dy * 10 + dx);
            }
        }
        Assert.Equal(direction switch { 0 => 1, 3 => 10, 6 => -1, _ => -10 }, at);
    }

    [Fact]
    public void Create_HigherThreshold_GivesFewerEventsOfBothSigns()
    {
        double low = 0, high = 0;
        long on = 0, off = 0;
        for (ulong s = 0; s < 10; s++)
        {
            low += MotionMovie.Create(Clean with { ThresholdLow = 1, ThresholdHigh = 1 }, new RandomStream(s)).Activity();
            var movie = MotionMovie.Create(Clean with { ThresholdLow = 2, ThresholdHigh = 2 }, new RandomStream(s));
            high += movie.Activity();
            on += movie.Events.Count(e => (e & MotionMovie.On) != 0);
            off += movie.Events.Count(e => (e & MotionMovie.Off) != 0);
        }
        Assert.True(high < 0.6 * low, $"{high} against {low}");
        Assert.InRange((double)on / (on + off), 0.47, 0.53);
    }

    [Fact]
    public void Create_StillTextureWithNoise_HasTheNoiseThatWasAskedFor()
    {
        // So high a threshold that the texture itself hardly speaks; what it says is the same without noise.
        var task = Clean with { ThresholdLow = 10, ThresholdHigh = 10, NoiseRate = 0.01, Steps = 200 };
        double activity = 0;
        for (ulong s = 0; s < 5; s++) activity += (MotionMovie.Create(task, new RandomStream(s)).Activity() - MotionMovie.Create(task with { NoiseRate = 0 }, new RandomStream(s)).Activity()) / 5;
        // 2.3 million chances: a deviation of 0.7 % of the rate; few meet a pixel twice.
        Assert.InRange(activity, 0.0095, 0.0105);
        var hot = MotionMovie.Create(task with { NoiseRate = 0, HotPixels = 1, HotRate = 0.5 }, new RandomStream(1));
        int[] fired = [.. Enumerable.Range(0, 48 * 48).Select(i => Enumerable.Range(0, 200).Count(t => hot.Events[t * 48 * 48 + i] != 0))];
        Assert.InRange(fired.Max(), 70, 130);
        Assert.Equal(1, fired.Count(n => n > 60));
    }

    [Fact]
    public void Create_SameSeed_GivesTheSameBytes()
    {
        var a = MotionMovie.Create(MotionTask.Shipped, new RandomStream(4));
        var b = MotionMovie.Create(MotionTask.Shipped, new RandomStream(4));
        Assert.Equal(a.Events, b.Events);
        Assert.NotEqual(a.Events, MotionMovie.Create(MotionTask.Shipped, new RandomStream(5)).Events);
    }

    [Fact]
    public void Validate_ValuesOutOfRange_AreNamed()
    {
        foreach (var (task, name) in (IEnumerable<(MotionTask, string)>)[(new() { Size = 9 }, "Size"), (new() { Steps = 12 }, "Steps"), (new() { ThresholdHigh = 0.1 }, "ThresholdHigh"), (new() { NoiseRate = double.NaN }, "NoiseRate")])
        {
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(task.Validate).Message, StringComparison.Ordinal);
        }
    }
}
