namespace EdgeAutonomy.Runtime;

/// <summary>A named setting of an ONNX node: a number, a text, a list or a tensor; immutable.</summary>
/// <remarks>Only the member that <see cref="Kind"/> names carries a value. Graphs inside attributes (If, Loop) are not kept, only their presence.</remarks>
public sealed class OnnxAttribute
{
    internal OnnxAttribute(string name, OnnxAttributeKind kind) => (Name, Kind) = (name, kind);

    /// <summary>Gets the name, such as "alpha".</summary>
    public string Name { get; }

    /// <summary>Gets what it holds.</summary>
    public OnnxAttributeKind Kind { get; }

    /// <summary>Gets the number of a <see cref="OnnxAttributeKind.Number"/>.</summary>
    public float Number { get; internal init; }

    /// <summary>Gets the number of an <see cref="OnnxAttributeKind.Whole"/>.</summary>
    public long Whole { get; internal init; }

    /// <summary>Gets the text of a <see cref="OnnxAttributeKind.Text"/>.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>Gets the tensor of a <see cref="OnnxAttributeKind.Tensor"/>; null otherwise.</summary>
    public OnnxTensor? Tensor { get; internal init; }

    /// <summary>Gets the numbers of a <see cref="OnnxAttributeKind.Numbers"/>.</summary>
    public IReadOnlyList<float> Numbers { get; internal init; } = [];

    /// <summary>Gets the numbers of an <see cref="OnnxAttributeKind.Wholes"/>.</summary>
    public IReadOnlyList<long> Wholes { get; internal init; } = [];

    /// <summary>Gets the texts of a <see cref="OnnxAttributeKind.Texts"/>.</summary>
    public IReadOnlyList<string> Texts { get; internal init; } = [];

    /// <summary>Makes a number.</summary>
    public static OnnxAttribute Of(string name, float value) => new(name, OnnxAttributeKind.Number) { Number = value };

    /// <summary>Makes a whole number.</summary>
    public static OnnxAttribute Of(string name, long value) => new(name, OnnxAttributeKind.Whole) { Whole = value };

    /// <summary>Makes a text.</summary>
    public static OnnxAttribute Of(string name, string value) => new(name, OnnxAttributeKind.Text) { Text = value };

    /// <summary>Makes a list of whole numbers.</summary>
    public static OnnxAttribute Of(string name, params IReadOnlyList<long> values) => new(name, OnnxAttributeKind.Wholes) { Wholes = [.. values] };

    /// <summary>Makes a tensor.</summary>
    public static OnnxAttribute Of(string name, OnnxTensor value) => new(name, OnnxAttributeKind.Tensor) { Tensor = value };
}
