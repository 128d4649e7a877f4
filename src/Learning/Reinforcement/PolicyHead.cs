namespace EdgeAutonomy.Learning;

/// <summary>A distribution over actions, given the outputs of a network.</summary>
/// <remarks>One sample at a time; <see cref="Gradient"/> belongs to the <see cref="Measure"/> before it. Not thread-safe; allocation-free.</remarks>
internal abstract class PolicyHead
{
    /// <summary>Gets how many outputs the network must have.</summary>
    public abstract int Outputs { get; }

    /// <summary>Gets numbers per action.</summary>
    public abstract int ActionWidth { get; }

    /// <summary>Gets numbers that belong to the distribution and not to the network.</summary>
    public virtual IReadOnlyList<Parameter<float>> Parameters => [];

    /// <summary>Makes the head for a space.</summary>
    /// <param name="space">Where actions lie.</param>
    /// <exception cref="ArgumentException">It is neither discrete nor a box.</exception>
    public static PolicyHead For(Space space) => space switch
    {
        DiscreteSpace choices => new CategoricalHead(choices.Count),
        BoxSpace box => new GaussianHead(box.Width),
        _ => throw new ArgumentException($"Policy gradients choose discrete actions or those of a box, not of {space.GetType().Name}.", nameof(space)),
    };

    /// <summary>Draws an action and returns the logarithm of its probability or density.</summary>
    public abstract double Draw(RandomStream random, ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, Span<float> action);

    /// <summary>Writes the most probable action.</summary>
    public abstract void Best(ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, Span<float> action);

    /// <summary>Returns the logarithm of an action's probability or density, and the entropy of the distribution.</summary>
    public abstract (double LogProbability, double Entropy) Measure(ReadOnlySpan<float> outputs, ReadOnlySpan<bool> allowed, ReadOnlySpan<float> action);

    /// <summary>Computes ∂loss/∂outputs from ∂loss/∂(log probability) and ∂loss/∂entropy, and adds to the gradients of <see cref="Parameters"/>.</summary>
    public abstract void Gradient(ReadOnlySpan<float> outputs, ReadOnlySpan<float> action, double byLogProbability, double byEntropy, Span<float> gradient);
}
