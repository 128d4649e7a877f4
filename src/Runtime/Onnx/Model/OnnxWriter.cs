namespace EdgeAutonomy.Runtime;

/// <summary>Writes ONNX models; see <see cref="OnnxModel"/>.</summary>
internal static class OnnxWriter
{
    public static byte[] Write(OnnxModel model)
    {
        var w = new ProtobufWriter();
        w.Varint(1, model.IrVersion);
        w.Text(2, model.Producer);
        w.Message(7, model, Graph);
        w.Message(8, model.Opset, (o, version) =>
        {
            o.Text(1, "");
            o.Varint(2, version);
        });
        return w.ToArray();
    }

    private static void Graph(ProtobufWriter w, OnnxModel model)
    {
        foreach (var node in model.Nodes) w.Message(1, node, Node);
        w.Text(2, model.Name);
        foreach (var tensor in model.Initializers) w.Message(5, tensor, Tensor);
        foreach (var value in model.Inputs) w.Message(11, value, Value);
        foreach (var value in model.Outputs) w.Message(12, value, Value);
    }

    private static void Node(ProtobufWriter w, OnnxNode node)
    {
        foreach (string name in node.Inputs) w.Text(1, name);
        foreach (string name in node.Outputs) w.Text(2, name);
        if (node.Name.Length > 0) w.Text(3, node.Name);
        w.Text(4, node.OpType);
        foreach (var attribute in node.Attributes) w.Message(5, attribute, Attribute);
        if (node.Domain.Length > 0) w.Text(7, node.Domain);
    }

    private static void Attribute(ProtobufWriter w, OnnxAttribute attribute)
    {
        w.Text(1, attribute.Name);
        switch (attribute.Kind)
        {
            case OnnxAttributeKind.Number: w.Float(2, attribute.Number); break;
            case OnnxAttributeKind.Whole: w.Varint(3, attribute.Whole); break;
            case OnnxAttributeKind.Text: w.Text(4, attribute.Text); break;
            case OnnxAttributeKind.Tensor: w.Message(5, attribute.Tensor!, Tensor); break;
            case OnnxAttributeKind.Numbers:
                foreach (float value in attribute.Numbers) w.Float(7, value);
                break;
            case OnnxAttributeKind.Wholes:
                foreach (long value in attribute.Wholes) w.Varint(8, value);
                break;
            case OnnxAttributeKind.Texts:
                foreach (string value in attribute.Texts) w.Text(9, value);
                break;
            default: throw new NotSupportedException($"Attribute '{attribute.Name}' holds a graph or another thing that is not kept; it cannot be written.");
        }
        w.Varint(20, (long)attribute.Kind);
    }

    private static void Tensor(ProtobufWriter w, OnnxTensor tensor)
    {
        foreach (long n in tensor.Shape) w.Varint(1, n);
        w.Varint(2, (long)tensor.Element);
        if (tensor.Name.Length > 0) w.Text(8, tensor.Name);
        w.Bytes(9, tensor.Bytes);
    }

    private static void Value(ProtobufWriter w, OnnxValue value)
    {
        w.Text(1, value.Name);
        w.Message(2, value, (type, v) => type.Message(1, v, (tensor, t) =>
        {
            tensor.Varint(1, (long)t.Element);
            if (t.Shape is not null) tensor.Message(2, t.Shape, Shape);
        }));
    }

    private static void Shape(ProtobufWriter w, IReadOnlyList<long> shape)
    {
        for (int i = 0; i < shape.Count; i++)
        {
            w.Message(1, (Extent: shape[i], Index: i), (dim, d) =>
            {
                if (d.Extent >= 0) dim.Varint(1, d.Extent);
                else dim.Text(2, $"n{d.Index}");
            });
        }
    }
}
