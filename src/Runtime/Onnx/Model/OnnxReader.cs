using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Reads ONNX models; see <see cref="OnnxModel"/>.</summary>
/// <remarks>No recursion: the messages that are read nest to a fixed depth, and inner graphs are stepped over.</remarks>
internal sealed class OnnxReader(string source)
{
    // An empty node takes two bytes in a file and a hundred in memory: without a bound on their number a file could take fifty times its length.
    private const int MaxParts = 1 << 18;

    private int _parts;

    public OnnxModel Read(ReadOnlySpan<byte> bytes)
    {
        var r = new ProtobufReader(bytes, source);
        long irVersion = 0, opset = 0;
        string producer = "";
        OnnxModel? graph = null;
        while (r.Next())
        {
            switch (r.Field)
            {
                case 1: irVersion = r.Varint(); break;
                case 2: producer = r.Text(); break;
                case 7:
                    if (graph is not null) throw r.Fault(r.Offset, "a second graph follows");
                    graph = Graph(r.Message());
                    break;
                case 8: opset = Math.Max(opset, Opset(r.Message())); break;
                default: r.Skip(); break;
            }
        }
        if (graph is null) throw r.Fault(r.Offset, "there is no graph (field 7)");
        if (opset <= 0) throw r.Fault(r.Offset, "the version of the ONNX operators is not stated (field 8)");
        return new OnnxModel(graph.Name, graph.Nodes, graph.Initializers, graph.Inputs, graph.Outputs, opset, producer, irVersion);
    }

    private static long Opset(ProtobufReader r)
    {
        string domain = "";
        long version = 0;
        while (r.Next())
        {
            switch (r.Field)
            {
                case 1: domain = r.Text(); break;
                case 2: version = r.Varint(); break;
                default: r.Skip(); break;
            }
        }
        return domain is "" or "ai.onnx" ? version : 0;
    }

    private OnnxModel Graph(ProtobufReader r)
    {
        string name = "";
        var nodes = new List<OnnxNode>();
        var initializers = new List<OnnxTensor>();
        List<OnnxValue> inputs = [], outputs = [];
        while (r.Next())
        {
            switch (r.Field)
            {
                case 1: nodes.Add(Node(Part(ref r))); break;
                case 2: name = r.Text(); break;
                case 5: initializers.Add(Tensor(Part(ref r))); break;
                case 11: inputs.Add(Value(Part(ref r))); break;
                case 12: outputs.Add(Value(Part(ref r))); break;
                case 15: throw r.Fault(r.Offset, "there is a sparse initializer; export the model with dense weights");
                default: r.Skip(); break;
            }
        }
        return new OnnxModel(name, nodes, initializers, inputs, outputs);
    }

    private OnnxNode Node(ProtobufReader r)
    {
        string op = "", name = "", domain = "";
        List<string> inputs = [], outputs = [];
        var attributes = new List<OnnxAttribute>();
        while (r.Next())
        {
            switch (r.Field)
            {
                case 1: inputs.Add(CountedText(ref r)); break;
                case 2: outputs.Add(CountedText(ref r)); break;
                case 3: name = r.Text(); break;
                case 4: op = r.Text(); break;
                case 5: attributes.Add(Attribute(Part(ref r))); break;
                case 7: domain = r.Text(); break;
                default: r.Skip(); break;
            }
        }
        return new OnnxNode(op, inputs, outputs, attributes, name, domain is "ai.onnx" ? "" : domain);
    }

    private OnnxAttribute Attribute(ProtobufReader r)
    {
        string name = "", text = "";
        float number = 0;
        long whole = 0, stated = 0;
        OnnxTensor? tensor = null;
        var floats = new List<byte>();
        var ints = new List<long>();
        var texts = new List<string>();
        var seen = OnnxAttributeKind.Other;
        while (r.Next())
        {
            switch (r.Field)
            {
                case 1: name = r.Text(); break;
                case 2: (number, seen) = (r.Float(), OnnxAttributeKind.Number); break;
                case 3: (whole, seen) = (r.Varint(), OnnxAttributeKind.Whole); break;
                case 4: (text, seen) = (r.Text(), OnnxAttributeKind.Text); break;
                case 5: (tensor, seen) = (Tensor(Part(ref r)), OnnxAttributeKind.Tensor); break;
                case 7:
                    r.Fixed(floats, 4);
                    seen = OnnxAttributeKind.Numbers;
                    break;
                case 8:
                    r.Varints(ints);
                    seen = OnnxAttributeKind.Wholes;
                    break;
                case 9:
                    texts.Add(CountedText(ref r));
                    seen = OnnxAttributeKind.Texts;
                    break;
                case 20: stated = r.Varint(); break;
                default: r.Skip(); break;
            }
        }
        // A writer may leave out zeros and empty lists, so what the attribute says of itself counts more than what was seen.
        var kind = stated is 0 ? seen : stated is 1 or 2 or 3 or 4 or 6 or 7 or 8 ? (OnnxAttributeKind)stated : OnnxAttributeKind.Other;
        if (kind == OnnxAttributeKind.Tensor && tensor is null) throw r.Fault(r.Offset, $"attribute '{name}' is a tensor and holds none");
        return new OnnxAttribute(name, kind)
        {
            Number = number, Whole = whole, Text = text, Tensor = tensor,
            Numbers = MemoryMarshal.Cast<byte, float>(CollectionsMarshal.AsSpan(floats)).ToArray(), Wholes = ints, Texts = texts,
        };
    }

    private static OnnxTensor Tensor(ProtobufReader r)
    {
        int start = r.Offset;
        string name = "";
        long type = 0;
        bool external = false;
        var shape = new List<long>();
        var numbers = new List<long>();
        var bytes = new List<byte>();
        byte[]? raw = null;
        while (r.Next())
        {
            switch (r.Field)
            {
                case 1: r.Varints(shape); break;
                case 2: type = r.Varint(); break;
                case 4: r.Fixed(bytes, 4); break;
                case 5 or 7 or 11: r.Varints(numbers); break;
                case 8: name = r.Text(); break;
                case 9: raw = r.Bytes().ToArray(); break;
                case 10: r.Fixed(bytes, 8); break;
                case 13:
                    r.Skip();
                    external = true;
                    break;
                case 14: external |= r.Varint() != 0; break;
                default: r.Skip(); break;
            }
        }
        if (external) throw r.Fault(start, $"the numbers of tensor '{name}' lie in another file; save the model with its weights inside");
        if (type is < 0 or > 100) throw r.Fault(start, $"tensor '{name}' is of type {type}");
        var element = (OnnxElement)type;
        int size = OnnxTensor.Size(element);
        if (raw is null) raw = numbers.Count > 0 && size > 0 ? Narrow(numbers, size) : [.. bytes];
        if (size > 0 || raw.Length == 0)
        {
            long count = OnnxTensor.CountOf(CollectionsMarshal.AsSpan(shape)), held = size == 0 ? 0 : raw.Length / size;
            if (size > 0 && (count < 0 || count * size != raw.Length))
                throw r.Fault(start, $"tensor '{name}' has the shape [{string.Join(", ", shape.Take(16))}] of {(count < 0 ? "too many" : count)} numbers and holds {held} ({raw.Length} bytes)");
        }
        return new OnnxTensor(name, element, [.. shape], raw);
    }

    private static byte[] Narrow(List<long> numbers, int size)
    {
        byte[] bytes = new byte[numbers.Count * Math.Min(size, 8)];
        Span<byte> whole = stackalloc byte[8];
        for (int i = 0; i < numbers.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(whole, numbers[i]);
            whole[..Math.Min(size, 8)].CopyTo(bytes.AsSpan(i * Math.Min(size, 8)));
        }
        return bytes;
    }

    private OnnxValue Value(ProtobufReader r)
    {
        string name = "";
        long element = 0;
        List<long>? shape = null;
        while (r.Next())
        {
            if (r.Field == 1) name = r.Text();
            else if (r.Field == 2) Type(r.Message(), ref element, ref shape);
            else r.Skip();
        }
        return new OnnxValue(name, element is > 0 and <= 100 ? (OnnxElement)element : OnnxElement.Undefined, shape);
    }

    private void Type(ProtobufReader r, ref long element, ref List<long>? shape)
    {
        while (r.Next())
        {
            if (r.Field != 1)
            {
                r.Skip(); // a sequence or map: the kind stays undefined
                continue;
            }
            var tensor = r.Message();
            while (tensor.Next())
            {
                if (tensor.Field == 1) element = tensor.Varint();
                else if (tensor.Field == 2) shape = Shape(tensor.Message());
                else tensor.Skip();
            }
        }
    }

    private List<long> Shape(ProtobufReader r)
    {
        var shape = new List<long>();
        while (r.Next())
        {
            if (r.Field != 1)
            {
                r.Skip();
                continue;
            }
            var dim = Part(ref r);
            long extent = -1;
            while (dim.Next())
            {
                if (dim.Field == 1) extent = dim.Varint();
                else dim.Skip();
            }
            shape.Add(extent < 0 ? -1 : extent);
        }
        return shape;
    }

    private ProtobufReader Part(ref ProtobufReader r)
    {
        Count(in r);
        return r.Message();
    }

    private string CountedText(ref ProtobufReader r)
    {
        Count(in r);
        return r.Text();
    }

    private void Count(in ProtobufReader r)
    {
        if (++_parts > MaxParts) throw r.Fault(r.Offset, $"there are more than {MaxParts} nodes, names and tensors");
    }
}
