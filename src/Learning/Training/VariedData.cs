namespace EdgeAutonomy.Learning;

/// <summary>Every sample of a set several times: once as it is, then varied as in training, each time alike.</summary>
/// <remarks>For what a few samples must decide: a hundred recordings hardly hold one that a threshold of early exit would get wrong, a thousand harder ones do.</remarks>
/// <param name="data">The set.</param>
/// <param name="times">How often each sample is there, 1 or more.</param>
/// <param name="variation">What varies them.</param>
public sealed class VariedData(ITrainingData data, int times, CounterRandom variation) : ITrainingData
{
    /// <inheritdoc/>
    public int Count => data.Count * times;

    /// <inheritdoc/>
    public MapSize Size => data.Size;

    /// <inheritdoc/>
    public int Steps => data.Steps;

    /// <inheritdoc/>
    public int Classes => data.Classes;

    /// <inheritdoc/>
    public int ClassOf(int sample) => data.ClassOf(sample % data.Count);

    /// <inheritdoc/>
    public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch) =>
        data.Fill(sample % data.Count, sample < data.Count ? random : variation.For((ulong)sample), slot, slots, batch);
}
