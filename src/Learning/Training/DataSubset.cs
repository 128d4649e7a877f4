namespace EdgeAutonomy.Learning;

/// <summary>Some samples of a set, such as a fold for validation.</summary>
/// <param name="data">The set.</param>
/// <param name="samples">Which, in their new order.</param>
public sealed class DataSubset(ITrainingData data, IReadOnlyList<int> samples) : ITrainingData
{
    /// <inheritdoc/>
    public int Count => samples.Count;

    /// <inheritdoc/>
    public MapSize Size => data.Size;

    /// <inheritdoc/>
    public int Steps => data.Steps;

    /// <inheritdoc/>
    public int Classes => data.Classes;

    /// <inheritdoc/>
    public int ClassOf(int sample) => data.ClassOf(samples[sample]);

    /// <inheritdoc/>
    public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch) => data.Fill(samples[sample], random, slot, slots, batch);

    /// <summary>Splits a set in two by a seed.</summary>
    /// <param name="data">The set.</param>
    /// <param name="heldOut">How many samples the second part has, 0 … all.</param>
    /// <param name="seed">The seed of the shuffle.</param>
    public static (DataSubset Kept, DataSubset HeldOut) Split(ITrainingData data, int heldOut, ulong seed)
    {
        if (heldOut < 0 || heldOut > data.Count) throw new ArgumentOutOfRangeException(nameof(heldOut), $"{heldOut} samples cannot be held out of {data.Count}.");
        var order = new int[data.Count];
        new CounterRandom(seed).For(0x53504C4954).Shuffle(order);
        return (new DataSubset(data, order[heldOut..]), new DataSubset(data, order[..heldOut]));
    }
}
