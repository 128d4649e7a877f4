namespace EdgeAutonomy.Runtime;

/// <summary>What the compilation of one node sees: its operands, its settings, and where its results go.</summary>
/// <remarks>A setting that no one asked for is a setting that would be ignored, so <see cref="CheckAllUsed"/> refuses it; likewise a result that was not made.</remarks>
internal sealed class OperatorContext(ManagedCompiler compiler, OnnxNode node, string source)
{
    private readonly HashSet<string> _used = [];

    public long Opset => compiler.Opset;

    public int InputCount => node.Inputs.Count;

    private string Where => $"node {node}";

    /// <summary>Gets an operand that must be there.</summary>
    public Operand Required(int index, string what) => Optional(index) ?? throw Fail($"the input '{what}' (number {index}) is missing");

    /// <summary>Gets an operand that may be left out.</summary>
    public Operand? Optional(int index)
    {
        if (index >= node.Inputs.Count || node.Inputs[index].Length == 0) return null;
        string name = node.Inputs[index];
        return compiler.Find(name) ?? throw Fail($"the value '{name}' is made by no earlier node, input or initializer");
    }

    /// <summary>Gets an operand of numbers that can be computed with.</summary>
    public Operand Numbers(int index, string what)
    {
        var operand = Required(index, what);
        return operand.Element is OnnxElement.F32 or OnnxElement.Bool && operand.Count > 0
            ? operand : throw Fail($"the input '{what}' holds {operand.Count} numbers of {operand.Element}; the operator computes with F32");
    }

    /// <summary>Gets constant weights.</summary>
    public OnnxTensor Weights(int index, string what)
    {
        var operand = Numbers(index, what);
        return operand.Constant ?? throw Unsupported($"the input '{what}' is computed; the managed engine wants it constant");
    }

    /// <summary>Gets constant whole numbers.</summary>
    public long[] Wholes(int index, string what)
    {
        var operand = Required(index, what);
        if (operand.Constant is null) throw Unsupported($"the input '{what}' is computed; shapes must be known when the network is loaded");
        return operand.Element == OnnxElement.I64 ? operand.Constant.Int64s.ToArray() : throw Fail($"the input '{what}' holds {operand.Element}, must be I64");
    }

    /// <summary>Gets where an operand lies.</summary>
    public Slot Place(Operand operand) => compiler.Place(operand, Where);

    /// <summary>Gets memory that only this node uses.</summary>
    public Slot Scratch(long count) => compiler.Allocate(count, Where);

    /// <summary>Makes a result.</summary>
    public Slot Result(int[] shape, int index = 0, OnnxElement element = OnnxElement.F32)
    {
        int count = compiler.CheckShape(shape, Where);
        var slot = compiler.Allocate(count, Where);
        Define(index, new Operand { Shape = shape, Element = element, Slot = slot, IsExclusive = IsExclusive(index) });
        return slot;
    }

    /// <summary>Makes the first result of the shape of an operand, in the operand's own memory where nobody else reads that.</summary>
    public Slot ResultLike(Operand operand, OnnxElement element = OnnxElement.F32)
    {
        if (!operand.IsExclusive) return Result(operand.Shape, 0, element);
        Define(0, new Operand { Shape = operand.Shape, Element = element, Slot = operand.Slot, IsExclusive = IsExclusive(0) });
        return operand.Slot!.Value;
    }

    /// <summary>Makes the first result the same numbers as an operand under another shape.</summary>
    public void Alias(Operand operand, int[] shape)
    {
        long count = 1;
        foreach (int n in shape) count = n < 0 || count > int.MaxValue ? -1 : count * n;
        if (count != operand.Count) throw Fail($"the shape [{string.Join(", ", shape)}] does not hold the {operand.Count} numbers of [{string.Join(", ", operand.Shape)}]");
        if (count > 0) compiler.CheckShape(shape, Where);
        if (operand.Constant is { } constant)
        {
            Define(0, new Operand { Shape = shape, Element = operand.Element, Constant = constant });
            return;
        }
        Define(0, new Operand { Shape = shape, Element = operand.Element, Slot = operand.Slot, IsExclusive = operand.IsExclusive && IsExclusive(0) });
    }

    /// <summary>Makes the first result the same numbers, counted as another kind.</summary>
    public void AliasAs(Operand operand, OnnxElement element) =>
        Define(0, new Operand { Shape = operand.Shape, Element = element, Slot = Place(operand), IsExclusive = operand.IsExclusive && IsExclusive(0) });

    /// <summary>Makes the first result a constant.</summary>
    public void Constant(OnnxTensor tensor) => Define(0, compiler.ConstantOf(tensor, Where));

    public void Emit(ManagedStep step) => compiler.Emit(step);

    public bool IsSet(string attribute) => node.Attribute(attribute) is not null;

    public bool HasResult(int index) => index < node.Outputs.Count && node.Outputs[index].Length > 0;

    public float Number(string attribute, float preset) => Attribute(attribute, OnnxAttributeKind.Number)?.Number ?? preset;

    public long Whole(string attribute, long preset) => Attribute(attribute, OnnxAttributeKind.Whole)?.Whole ?? preset;

    public bool Flag(string attribute) => Whole(attribute, 0) is var value && value is 0 or 1 ? value == 1 : throw Fail($"the setting '{attribute}' is {value}, must be 0 or 1");

    public string Text(string attribute, string preset) => Attribute(attribute, OnnxAttributeKind.Text)?.Text ?? preset;

    public OnnxTensor? Tensor(string attribute) => Attribute(attribute, OnnxAttributeKind.Tensor)?.Tensor;

    public IReadOnlyList<string>? Texts(string attribute) => Attribute(attribute, OnnxAttributeKind.Texts)?.Texts;

    /// <summary>Gets a list of whole numbers of a known length and range.</summary>
    public int[]? Wholes(string attribute, int count, int low, int high)
    {
        if (WholesOrNull(attribute) is not { } values) return null;
        if (values.Count != count) throw Fail($"the setting '{attribute}' has {values.Count} numbers, must have {count}");
        foreach (long value in values)
        {
            if (value < low || value > high) throw Fail($"the setting '{attribute}' holds {value}, must be in [{low}, {high}]");
        }
        return [.. values.Select(v => (int)v)];
    }

    public IReadOnlyList<long>? WholesOrNull(string attribute) => Attribute(attribute, OnnxAttributeKind.Wholes)?.Wholes;

    /// <summary>Reads an axis, which may count from the end.</summary>
    public int Axis(string attribute, long preset, int rank, bool toEnd = false) => Axis(Whole(attribute, preset), rank, toEnd);

    /// <summary>Checks an axis, which may count from the end.</summary>
    public int Axis(long axis, int rank, bool toEnd = false)
    {
        long high = toEnd ? rank : rank - 1;
        if (axis < -rank || axis > high) throw Fail($"the axis is {axis}, must be in [{-rank}, {high}]");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    public InvalidDataException Fail(string what) => new($"{source}: {Where}: {what}.");

    public NotSupportedException Unsupported(string what) => new($"{source}: {Where}: {what}. Export the model in another way, or use the ONNX Runtime engine.");

    /// <summary>Refuses settings that nobody asked for and results that nobody made.</summary>
    public void CheckAllUsed()
    {
        foreach (var attribute in node.Attributes)
        {
            if (!_used.Contains(attribute.Name)) throw Unsupported($"the setting '{attribute.Name}' is not known to the managed engine");
        }
        foreach (string output in node.Outputs)
        {
            if (output.Length > 0 && compiler.Find(output) is null) throw Unsupported($"the result '{output}' is one that the managed engine does not make");
        }
    }

    private OnnxAttribute? Attribute(string attribute, OnnxAttributeKind kind)
    {
        _used.Add(attribute);
        if (node.Attribute(attribute) is not { } found) return null;
        return found.Kind == kind ? found : throw Fail($"the setting '{attribute}' holds {found.Kind}, must hold {kind}");
    }

    private bool IsExclusive(int index) => index < node.Outputs.Count && compiler.IsExclusive(node.Outputs[index]);

    private void Define(int index, Operand operand)
    {
        if (HasResult(index)) compiler.Define(node.Outputs[index], operand, Where);
        else if (index == 0) throw Fail("the node has no result");
    }
}
