namespace EdgeAutonomy.Runtime;

/// <summary>Puts an ONNX model together node by node; used by everything that exports networks.</summary>
/// <remarks>Names of values are made here ("/t0", "/t1" …) unless given; the slash keeps them apart from the names that people give. Not thread-safe.</remarks>
/// <param name="name">The graph's name.</param>
public sealed class OnnxGraphBuilder(string name)
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _initializers = [];
    private readonly List<OnnxValue> _inputs = [], _outputs = [];
    private int _next;

    /// <summary>Adds an input of float32 numbers.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="shape">Its extents; −1 = any.</param>
    /// <returns>The name.</returns>
    public string Input(string input, params IReadOnlyList<long> shape)
    {
        _inputs.Add(new OnnxValue(input, OnnxElement.F32, [.. shape]));
        return input;
    }

    /// <summary>Adds constant numbers.</summary>
    /// <returns>The name of the value.</returns>
    public string Constant(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => Constant(OnnxTensor.Of(NextName("w"), values, shape));

    /// <summary>Adds constant whole numbers, such as a shape.</summary>
    /// <returns>The name of the value.</returns>
    public string Constant(params ReadOnlySpan<long> values) => Constant(OnnxTensor.Of(NextName("w"), values, values.Length));

    /// <summary>Adds a constant tensor under its own name.</summary>
    /// <returns>The name of the value.</returns>
    public string Constant(OnnxTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _initializers.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">The values that go in.</param>
    /// <param name="attributes">The settings.</param>
    /// <returns>The name of the value that comes out.</returns>
    public string Node(string op, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes)
    {
        string output = NextName("t");
        _nodes.Add(new OnnxNode(op, inputs, [output], attributes));
        return output;
    }

    /// <summary>Adds a node as it is.</summary>
    public void Add(OnnxNode node) => _nodes.Add(node);

    /// <summary>Makes a value an output, under a name of its own.</summary>
    /// <param name="value">The value.</param>
    /// <param name="output">The output's name.</param>
    /// <param name="shape">The extents; −1 = any.</param>
    public void Output(string value, string output, params IReadOnlyList<long> shape)
    {
        if (value != output) _nodes.Add(new OnnxNode("Identity", [value], [output]));
        _outputs.Add(new OnnxValue(output, OnnxElement.F32, [.. shape]));
    }

    /// <summary>Makes the model.</summary>
    public OnnxModel Build() => new(name, [.. _nodes], [.. _initializers], [.. _inputs], [.. _outputs]);

    private string NextName(string prefix) => $"/{prefix}{_next++}";
}
