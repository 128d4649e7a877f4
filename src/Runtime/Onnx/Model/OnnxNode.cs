namespace EdgeAutonomy.Runtime;

/// <summary>One operation of an ONNX graph; immutable.</summary>
/// <param name="opType">The operator, such as "Gemm".</param>
/// <param name="inputs">Names of the values that go in; an empty name = an optional input left out.</param>
/// <param name="outputs">Names of the values that come out; an empty name = an optional output left out.</param>
/// <param name="attributes">The settings; null = none.</param>
/// <param name="name">The node's own name, for messages; may be empty.</param>
/// <param name="domain">The operator's domain; empty = the ONNX operators.</param>
public sealed class OnnxNode(
    string opType, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<OnnxAttribute>? attributes = null, string name = "", string domain = "")
{
    /// <summary>Gets the operator.</summary>
    public string OpType { get; } = opType;

    /// <summary>Gets the names of the values that go in.</summary>
    public IReadOnlyList<string> Inputs { get; } = inputs;

    /// <summary>Gets the names of the values that come out.</summary>
    public IReadOnlyList<string> Outputs { get; } = outputs;

    /// <summary>Gets the settings.</summary>
    public IReadOnlyList<OnnxAttribute> Attributes { get; } = attributes ?? [];

    /// <summary>Gets the node's own name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the operator's domain.</summary>
    public string Domain { get; } = domain;

    /// <summary>Finds a setting.</summary>
    /// <returns>Null where there is none of that name.</returns>
    public OnnxAttribute? Attribute(string attribute)
    {
        foreach (var a in Attributes)
        {
            if (a.Name == attribute) return a;
        }
        return null;
    }

    /// <summary>Returns "'name' (Gemm)", or the first output where the node has no name.</summary>
    public override string ToString() => $"'{(Name.Length > 0 ? Name : Outputs.Count > 0 ? Outputs[0] : "")}' ({(Domain.Length > 0 ? Domain + "." : "")}{OpType})";
}
