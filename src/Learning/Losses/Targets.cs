namespace EdgeAutonomy.Learning;

/// <summary>What the network should say about a batch.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct Targets<T>
{
    /// <summary>Makes targets that are classes.</summary>
    /// <param name="classes">One per sample.</param>
    public Targets(ReadOnlySpan<int> classes) => Classes = classes;

    /// <summary>Makes targets that are numbers.</summary>
    /// <param name="values">[sample, output].</param>
    public Targets(ReadOnlySpan<T> values) => Values = values;

    /// <summary>Gets the class of each sample; empty where the targets are numbers.</summary>
    public ReadOnlySpan<int> Classes { get; }

    /// <summary>Gets the numbers, [sample, output]; empty where the targets are classes.</summary>
    public ReadOnlySpan<T> Values { get; }
}
