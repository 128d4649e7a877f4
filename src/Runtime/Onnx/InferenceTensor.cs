namespace EdgeAutonomy.Runtime;

/// <summary>An input or output of an engine: float32 numbers under a name, of a fixed shape; immutable.</summary>
/// <param name="name">The name in the model.</param>
/// <param name="shape">The extents; what the model leaves open is 1.</param>
public sealed class InferenceTensor(string name, IReadOnlyList<int> shape)
{
    /// <summary>Gets the name in the model.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the extents, the last one fastest.</summary>
    public IReadOnlyList<int> Shape { get; } = shape;

    /// <summary>Gets how many numbers there are.</summary>
    public int Count { get; } = shape.Aggregate(1, (product, n) => checked(product * n));

    /// <summary>Returns "name[1, 16]".</summary>
    public override string ToString() => $"{Name}[{string.Join(", ", Shape)}]";
}
