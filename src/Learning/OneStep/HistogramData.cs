namespace EdgeAutonomy.Learning;

/// <summary>N-MNIST recordings as one image of event counts: polarity and movement are the channels, so a network of one step sees the three movements side by side.</summary>
/// <remarks>Six channels: movement · 2 + polarity. A pixel is ln(1 + count) / ln 8, about 0 … 1. Every step of a sample is the same image. Not thread-safe.</remarks>
public sealed class HistogramData : ITrainingData
{
    /// <summary>The movements of the sensor in a recording.</summary>
    public const int Movements = 3;

    private const int MovementUs = 105_000;
    private readonly NmnistData _data;
    private readonly float[] _counts;
    private readonly float[] _levels = new float[256];

    /// <summary>Makes a set.</summary>
    /// <param name="data">The recordings.</param>
    /// <param name="steps">How often the image is shown, at least 1.</param>
    /// <param name="augmentation">How samples are varied while training.</param>
    public HistogramData(NmnistData data, int steps, EventAugmentation augmentation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        _data = data.With(new NmnistOptions { Steps = Movements, StepUs = MovementUs, Counts = true, Augmentation = augmentation });
        _counts = new float[Movements * _data.Size.Count];
        for (int i = 0; i < _levels.Length; i++) _levels[i] = (float)(DeterministicMath.Log(1 + i) / DeterministicMath.Log(8));
        Steps = steps;
    }

    /// <inheritdoc/>
    public int Count => _data.Count;

    /// <inheritdoc/>
    public MapSize Size { get; } = new(2 * Movements, NmnistData.Side, NmnistData.Side);

    /// <inheritdoc/>
    public int Steps { get; }

    /// <inheritdoc/>
    public int Classes => _data.Classes;

    /// <inheritdoc/>
    public int ClassOf(int sample) => _data.ClassOf(sample);

    /// <inheritdoc/>
    public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch)
    {
        _data.Fill(sample, random, 0, 1, _counts);
        int n = Size.Count, part = _data.Size.Count;
        var first = batch.Slice(slot * n, n);
        for (int place = 0; place < NmnistData.Side * NmnistData.Side; place++)
        {
            for (int m = 0; m < Movements; m++)
            {
                for (int p = 0; p < 2; p++) first[place * 2 * Movements + m * 2 + p] = _levels[Math.Min((int)_counts[m * part + place * 2 + p], _levels.Length - 1)];
            }
        }
        for (int t = 1; t < Steps; t++) first.CopyTo(batch.Slice((t * slots + slot) * n, n));
    }
}
