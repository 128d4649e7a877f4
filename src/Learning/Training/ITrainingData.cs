namespace EdgeAutonomy.Learning;

/// <summary>Samples over time, each of one class.</summary>
public interface ITrainingData
{
    /// <summary>Gets how many samples.</summary>
    int Count { get; }

    /// <summary>Gets what one sample holds at one step.</summary>
    MapSize Size { get; }

    /// <summary>Gets the time steps of a sample.</summary>
    int Steps { get; }

    /// <summary>Gets how many classes.</summary>
    int Classes { get; }

    /// <summary>Returns the class of a sample, 0 … <see cref="Classes"/> − 1.</summary>
    /// <param name="sample">0 … <see cref="Count"/> − 1.</param>
    int ClassOf(int sample);

    /// <summary>Writes a sample into a batch.</summary>
    /// <param name="sample">0 … <see cref="Count"/> − 1.</param>
    /// <param name="random">What varies the sample; null = as it is.</param>
    /// <param name="slot">Its place in the batch.</param>
    /// <param name="slots">How many places the batch has.</param>
    /// <param name="batch">[step, slot, y, x, channel]; the places of this slot are written, zeros included.</param>
    void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch);
}
