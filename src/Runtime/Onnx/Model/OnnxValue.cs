namespace EdgeAutonomy.Runtime;

/// <summary>An input or output of an ONNX graph: its name, kind of number and shape; immutable.</summary>
/// <param name="name">The name.</param>
/// <param name="element">The kind of number.</param>
/// <param name="shape">The extents; −1 = any (a symbol such as N, or not stated); null = not even the rank is stated.</param>
public sealed class OnnxValue(string name, OnnxElement element, IReadOnlyList<long>? shape)
{
    /// <summary>Gets the name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the kind of number.</summary>
    public OnnxElement Element { get; } = element;

    /// <summary>Gets the extents; −1 = any; null = not even the rank is stated.</summary>
    public IReadOnlyList<long>? Shape { get; } = shape;

    /// <summary>Returns "name: F32[1, 16]".</summary>
    public override string ToString() => $"{Name}: {Element}{(Shape is null ? "" : $"[{string.Join(", ", Shape)}]")}";
}
