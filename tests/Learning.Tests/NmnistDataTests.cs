using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Learning.Tests;

public sealed class NmnistDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-nmnist-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Load_TestRecordings_HasTheirClassesAndEvents()
    {
        var data = NmnistData.Load(SharedData.Require("events"), "test100.txt", new NmnistOptions { Counts = true, StepUs = 25_000 });
        Assert.Equal(100, data.Count);
        int[] classes = new int[10];
        for (int i = 0; i < data.Count; i++) classes[data.ClassOf(i)]++;
        Assert.Equal([8, 14, 8, 11, 14, 7, 10, 15, 2, 11], classes);
        // Counts without loss: 15 steps of 25 ms are longer than every recording.
        double sum = 0;
        var batch = new float[data.Steps * data.Size.Count];
        for (int i = 0; i < data.Count; i++)
        {
            data.Fill(i, null, 0, 1, batch);
            sum += batch.Sum(v => (double)v);
        }
        Assert.Equal(data.EventCount, sum);
    }

    [Fact]
    public void Fill_KnownEvents_AreInTheirCells()
    {
        var data = NmnistData.Of([([new Event(0, 3, 5, 1), new Event(999, 3, 5, 1), new Event(1000, 33, 0, 0), new Event(5000, 1, 1, 1)], 4)], new NmnistOptions { Steps = 3, StepUs = 1000, Counts = true });
        var batch = new float[3 * 2 * data.Size.Count];
        batch.AsSpan().Fill(7);
        data.Fill(0, null, 1, 2, batch);
        int n = data.Size.Count;
        Assert.Equal(2, batch[n + (5 * 34 + 3) * 2 + 1]);
        Assert.Equal(1, batch[3 * n + 33 * 2]);
        Assert.Equal(3, batch[n..(2 * n)].Sum() + batch[(3 * n)..(4 * n)].Sum() + batch[(5 * n)..].Sum());
        Assert.All(batch[..n], v => Assert.Equal(7, v)); // the other place of the batch
        data.With(new NmnistOptions { Steps = 3, StepUs = 1000 }).Fill(0, null, 1, 2, batch);
        Assert.Equal(1, batch[n + (5 * 34 + 3) * 2 + 1]);
    }

    [Fact]
    public void Fill_NoAugmentation_EqualsTheSampleAsItIs()
    {
        var data = TrainerTests.Patterns(1).With(new NmnistOptions { Steps = 5, StepUs = 20_000, Augmentation = EventAugmentation.None });
        float[] plain = new float[5 * data.Size.Count], varied = new float[5 * data.Size.Count];
        data.Fill(0, null, 0, 1, plain);
        data.Fill(0, new CounterRandom(3), 0, 1, varied);
        Assert.Equal(plain, varied);
    }

    [Fact]
    public void Fill_Augmentation_IsAFunctionOfItsGenerator()
    {
        var data = TrainerTests.Patterns(1);
        float[] a = new float[5 * data.Size.Count], b = new float[5 * data.Size.Count];
        data.Fill(0, new CounterRandom(3), 0, 1, a);
        data.Fill(0, new CounterRandom(3), 0, 1, b);
        Assert.Equal(a, b);
        data.Fill(0, new CounterRandom(4), 0, 1, b);
        Assert.NotEqual(a, b);
        Assert.InRange(b.Sum(), 100, 400); // of 300 events: at most 30 % dropped and 40 added
    }

    [Fact]
    public void Fill_Shift_MovesByThatMuchAtMost()
    {
        var shift = EventAugmentation.None with { ShiftPixels = 3 };
        var data = NmnistData.Of([([new Event(0, 17, 17, 1)], 0)], new NmnistOptions { Steps = 1, StepUs = 1000, Augmentation = shift });
        var batch = new float[data.Size.Count];
        var seen = new HashSet<int>();
        for (ulong i = 0; i < 400; i++)
        {
            data.Fill(0, new CounterRandom(i), 0, 1, batch);
            int at = Array.IndexOf(batch, 1f) / 2;
            seen.Add(at);
            Assert.InRange(at % 34, 14, 20);
            Assert.InRange(at / 34, 14, 20);
        }
        Assert.True(seen.Count > 30, $"only {seen.Count} of 49 places were met");
    }

    [Fact]
    public void Load_AbsentOrDamaged_SaysWhatAndWhere()
    {
        Assert.Contains("no data folder", Assert.Throws<InvalidDataException>(() => NmnistData.Load(null, "train1K.txt", new NmnistOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("train1K.txt", Refused(), StringComparison.Ordinal);
        Write("train1K.txt", "#sample #class\n1\t5\n");
        Assert.Contains("1.bs2", Refused(), StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_folder, "1.bs2"), new byte[7]);
        Assert.Contains("7 bytes", Refused(), StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_folder, "1.bs2"), [40, 1, 0, 0, 0]);
        Assert.Contains("outside 34 x 34", Refused(), StringComparison.Ordinal);
        foreach (string bad in (string[])["1 5\n", "1\t10\n", "x\t1\n", "../1\t1\n", "1\t-1\n"])
        {
            Write("train1K.txt", "#\n" + bad);
            Assert.Contains("line 2", Refused(), StringComparison.Ordinal);
        }
        Write("train1K.txt", "# nothing\n");
        Assert.Contains("no samples", Refused(), StringComparison.Ordinal);
        Write("train1K.txt", "1\t5\n");
        File.WriteAllBytes(Path.Combine(_folder, "1.bs2"), [4, 1, 0x80, 0, 9]);
        Assert.Equal(1, NmnistData.Load(_folder, "train1K.txt", new NmnistOptions()).EventCount);
    }

    private string Refused() => Assert.Throws<InvalidDataException>(() => NmnistData.Load(_folder, "train1K.txt", new NmnistOptions())).Message;

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
