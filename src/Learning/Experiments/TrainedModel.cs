namespace EdgeAutonomy.Learning;

/// <summary>What a training made, as the file or files that a robot loads: a spiking network, a learned policy.</summary>
public abstract record TrainedModel
{
    private protected TrainedModel()
    {
    }

    /// <summary>Gets how the name of its file ends, such as ".nir".</summary>
    public abstract string Ending { get; }

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">Where it comes from, for formats that keep it.</param>
    /// <returns>The files that were written, the given one first.</returns>
    /// <exception cref="ArgumentException">The name ends in another way than the format asks for.</exception>
    /// <exception cref="IOException">The system cannot write.</exception>
    public abstract IReadOnlyList<string> Write(string path, ModelOrigin origin);
}
