namespace EdgeAutonomy.Learning.Tests;

/// <summary>A set whose samples are there several times: as they are, then varied, each time alike.</summary>
public class VariedDataTests
{
    [Fact]
    public void Fill_EachTime_FirstAsItIsThenVariedAlike()
    {
        var source = new Numbers();
        var data = new VariedData(source, 3, new CounterRandom(5));
        Assert.Equal((6, 2, 4), (data.Count, data.Classes, data.Steps));
        float[] all = [.. Enumerable.Range(0, 6).Select(i => Value(data, i, null))];
        Assert.Equal([0f, 1f], all[..2]);
        Assert.Equal(4, all[2..].Distinct().Count(v => v != 0 && v != 1));
        Assert.Equal(all, Enumerable.Range(0, 6).Select(i => Value(new VariedData(source, 3, new CounterRandom(5)), i, null)));
        Assert.NotEqual(all[2..], Enumerable.Range(2, 4).Select(i => Value(new VariedData(source, 3, new CounterRandom(6)), i, null)));
        Assert.Equal([0, 1, 0, 1, 0, 1], Enumerable.Range(0, 6).Select(data.ClassOf));
        // What a trainer asks for still reaches the samples as they are.
        Assert.NotEqual(0f, Value(data, 0, new CounterRandom(9)));
    }

    private static float Value(VariedData data, int sample, CounterRandom? random)
    {
        float[] batch = [0];
        data.Fill(sample, random, 0, 1, batch);
        return batch[0];
    }

    private sealed class Numbers : ITrainingData
    {
        public int Count => 2;

        public MapSize Size => new(1);

        public int Steps => 4;

        public int Classes => 2;

        public int ClassOf(int sample) => sample;

        public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch) => batch[slot] = sample + (random is { } r ? 0.1f + (float)r.Uniform(0) * 0.8f : 0);
    }
}
