namespace EdgeAutonomy.Runtime;

/// <summary>A network in the ONNX format: the part of it that inference needs; immutable.</summary>
/// <remarks>
/// Field numbers: onnx/onnx.proto3 of the ONNX project. What is not kept (documentation, training, functions, inner graphs, quantisation notes) is
/// skipped when reading. Weights outside the file (external data) are refused.
/// </remarks>
/// <param name="name">The graph's name.</param>
/// <param name="nodes">The operations, each after those that it needs.</param>
/// <param name="initializers">The constants, by name.</param>
/// <param name="inputs">What goes in.</param>
/// <param name="outputs">What comes out.</param>
/// <param name="opset">The version of the ONNX operators that the nodes mean.</param>
/// <param name="producer">The program that wrote it.</param>
/// <param name="irVersion">The version of the format.</param>
public sealed class OnnxModel(
    string name, IReadOnlyList<OnnxNode> nodes, IReadOnlyList<OnnxTensor> initializers, IReadOnlyList<OnnxValue> inputs, IReadOnlyList<OnnxValue> outputs,
    long opset = OnnxModel.WrittenOpset, string producer = "EdgeAutonomy", long irVersion = OnnxModel.WrittenIrVersion)
{
    /// <summary>The operator set that we write: 17, the first with LayerNormalization; ONNX Runtime knows it since 1.12.</summary>
    public const long WrittenOpset = 17;

    /// <summary>The format version that we write: 8, the one that came with operator set 15.</summary>
    public const long WrittenIrVersion = 8;

    /// <summary>Gets the graph's name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the operations, each after those that it needs.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; } = nodes;

    /// <summary>Gets the constants.</summary>
    public IReadOnlyList<OnnxTensor> Initializers { get; } = initializers;

    /// <summary>Gets what goes in. Old files list the constants here too.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; } = inputs;

    /// <summary>Gets what comes out.</summary>
    public IReadOnlyList<OnnxValue> Outputs { get; } = outputs;

    /// <summary>Gets the version of the ONNX operators that the nodes mean.</summary>
    public long Opset { get; } = opset;

    /// <summary>Gets the program that wrote it.</summary>
    public string Producer { get; } = producer;

    /// <summary>Gets the version of the format.</summary>
    public long IrVersion { get; } = irVersion;

    /// <summary>Reads a model.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="InvalidDataException">The bytes are no ONNX model, cut off or damaged; the message says where. Memory taken is bounded by the length of the file.</exception>
    public static OnnxModel Read(ReadOnlySpan<byte> bytes, string source = "model") => new OnnxReader(source).Read(bytes);

    /// <summary>Writes the model.</summary>
    /// <returns>The file's content; the same model gives the same bytes.</returns>
    public byte[] Write() => OnnxWriter.Write(this);
}
