using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>One layer of a network: all time steps of a batch at once, with a backward pass written by hand.</summary>
/// <remarks>
/// Activations are [step, sample, y, x, channel]. A layer keeps what its backward pass needs from the last training pass, so forward and backward alternate.
/// Not thread-safe. Buffers grow to the largest batch and stay.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public abstract class Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name, unique in its network; it becomes the node's name.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="output">What it gives.</param>
    private protected Layer(string name, MapSize input, MapSize output)
    {
        if (input.Count <= 0 || output.Count <= 0) throw new ArgumentException($"Layer '{name}': input is {input}, output is {output}; every extent must be 1 or more.");
        Name = name;
        Input = input;
        Output = output;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets what it takes, per sample and step.</summary>
    public MapSize Input { get; }

    /// <summary>Gets what it gives, per sample and step.</summary>
    public MapSize Output { get; }

    /// <summary>Gets the numbers that training changes.</summary>
    public virtual IReadOnlyList<Parameter<T>> Parameters => [];

    /// <summary>Gets further numbers that belong to the trained state, such as running statistics.</summary>
    public virtual IReadOnlyList<(string Name, T[] Values)> Statistics => [];

    /// <summary>Gets whether the outputs are spikes, so that their rate may be regularised and counted.</summary>
    public virtual bool Spikes => false;

    /// <summary>Computes the outputs.</summary>
    /// <param name="pass">The batch.</param>
    /// <param name="input">[step, sample, input].</param>
    /// <param name="output">Takes [step, sample, output].</param>
    public abstract void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output);

    /// <summary>Adds to the gradients of the parameters and computes that of the input.</summary>
    /// <param name="pass">The batch of the last <see cref="Forward"/>.</param>
    /// <param name="input">Its input.</param>
    /// <param name="output">Its output.</param>
    /// <param name="outputGradient">∂loss/∂output; the layer may use it as scratch.</param>
    /// <param name="inputGradient">Takes ∂loss/∂input; empty where nobody needs it.</param>
    public abstract void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient);

    /// <summary>Draws the initial values.</summary>
    /// <param name="random">The generator of the network.</param>
    public virtual void Initialize(CounterRandom random)
    {
    }

    private protected static T Number(double value) => T.CreateTruncating(value);

    private protected static double Double(T value) => double.CreateTruncating(value);

    private protected static Span<T> Room(ref T[] buffer, int count)
    {
        if (buffer.Length < count) buffer = GC.AllocateUninitializedArray<T>(count);
        return buffer.AsSpan(0, count);
    }
}
