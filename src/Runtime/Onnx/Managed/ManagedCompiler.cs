namespace EdgeAutonomy.Runtime;

/// <summary>Compiles an ONNX graph into steps: settles every shape, lays out the memory, packs the weights, and refuses what cannot be computed.</summary>
internal sealed class ManagedCompiler
{
    // 256 MB of values: beyond anything that runs on a board in a control cycle, and a bound on what a damaged shape can take.
    private const int MaxMemory = 1 << 26;

    // What PanelKernel and the steps address as one span must stay far from the limits of int.
    private const int MaxRank = 8;

    private readonly OnnxModel _model;
    private readonly string _source;
    private readonly Dictionary<string, Operand> _operands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);
    private readonly List<ManagedStep> _steps = [];
    private readonly List<(Slot, OnnxTensor)> _constants = [];
    private int _memory;

    private ManagedCompiler(OnnxModel model, string source) => (_model, _source) = (model, source);

    /// <summary>Gets the version of the operators that the model means.</summary>
    public long Opset => _model.Opset;

    /// <summary>Compiles a graph.</summary>
    /// <exception cref="InvalidDataException">The graph contradicts itself.</exception>
    /// <exception cref="NotSupportedException">It needs what is not implemented here.</exception>
    public static ManagedProgram Compile(OnnxModel model, string source) => new ManagedCompiler(model, source).Compile();

    public Operand? Find(string name) => _operands.GetValueOrDefault(name);

    public bool IsExclusive(string name) => _readers.GetValueOrDefault(name) == 1;

    public void Define(string name, Operand operand, string where)
    {
        if (!_operands.TryAdd(name, operand)) throw new InvalidDataException($"{_source}: {where}: the value '{name}' is made twice; each has one origin.");
    }

    public void Emit(ManagedStep step) => _steps.Add(step);

    /// <summary>Takes memory for values; starts at a multiple of 64 bytes.</summary>
    public Slot Allocate(long count, string where)
    {
        if (count > MaxMemory - _memory) throw new InvalidDataException($"{_source}: {where}: {count} numbers more than the {_memory} so far are beyond the limit of {MaxMemory}.");
        var slot = new Slot(_memory, (int)count);
        _memory += PanelKernel.Padded((int)count);
        return slot;
    }

    /// <summary>Gets where an operand lies; puts a constant into memory the first time.</summary>
    public Slot Place(Operand operand, string where)
    {
        if (operand.Slot is { } slot) return slot;
        slot = Allocate(operand.Count, where);
        _constants.Add((slot, operand.Constant!));
        operand.Slot = slot;
        return slot;
    }

    /// <summary>Checks a shape that was computed or read.</summary>
    /// <returns>How many numbers it holds.</returns>
    public int CheckShape(ReadOnlySpan<int> shape, string where)
    {
        if (shape.Length > MaxRank) throw new InvalidDataException($"{_source}: {where}: the shape has {shape.Length} dimensions; the most is {MaxRank}.");
        long count = 1;
        foreach (int n in shape)
        {
            if (n < 1) throw new InvalidDataException($"{_source}: {where}: the shape [{string.Join(", ", shape.ToArray())}] has an extent of {n}; extents are 1 or more.");
            count *= n;
            if (count > MaxMemory) throw new InvalidDataException($"{_source}: {where}: the shape [{string.Join(", ", shape.ToArray())}] holds more than {MaxMemory} numbers.");
        }
        return (int)count;
    }

    private ManagedProgram Compile()
    {
        foreach (var node in _model.Nodes) CountReaders(node.Inputs);
        CountReaders(_model.Outputs.Select(o => o.Name));
        AddConstants();
        var inputs = AddInputs();
        foreach (var node in _model.Nodes) AddNode(node);
        var outputs = AddOutputs(inputs);
        return new ManagedProgram([.. _steps], _memory, _constants, inputs, outputs);
    }

    private void CountReaders(IEnumerable<string> names)
    {
        foreach (string name in names) _readers[name] = _readers.GetValueOrDefault(name) + 1;
    }

    private void AddConstants()
    {
        foreach (var tensor in _model.Initializers) Define(tensor.Name, ConstantOf(tensor, $"initializer '{tensor.Name}'"), "initializer");
    }

    /// <summary>Makes an operand of constant numbers.</summary>
    public Operand ConstantOf(OnnxTensor tensor, string where)
    {
        if (tensor.Element is not (OnnxElement.F32 or OnnxElement.I64))
            throw new NotSupportedException($"{_source}: {where} holds {tensor.Element}; the managed engine computes with F32 (I64 for shapes). Convert the model, or use the ONNX Runtime engine.");
        if (tensor.Element == OnnxElement.F32)
        {
            var values = tensor.Singles;
            for (int i = 0; i < values.Length; i++)
            {
                if (float.IsNaN(values[i])) throw new InvalidDataException($"{_source}: {where} holds NaN at index {i}; a network that diverged in training must not run.");
            }
        }
        int[] shape = Array.ConvertAll(tensor.Shape.ToArray(), n => (int)n);
        // Empty constants exist (an unset optional of Resize, an empty shape of Reshape) and cost nothing.
        if (tensor.Count > 0) CheckShape(shape, where);
        return new Operand { Shape = shape, Element = tensor.Element, Constant = tensor };
    }

    private List<(InferenceTensor, Slot)> AddInputs()
    {
        var inputs = new List<(InferenceTensor, Slot)>();
        foreach (var input in _model.Inputs)
        {
            if (_operands.ContainsKey(input.Name)) continue; // old files list the constants as inputs too
            string where = $"input '{input.Name}'";
            if (input.Element != OnnxElement.F32) throw new NotSupportedException($"{_source}: {where} takes {input.Element}; only F32 goes in.");
            if (input.Shape is null) throw new InvalidDataException($"{_source}: {where} has no shape; export the model with the shapes of its inputs.");
            int[] shape = [.. input.Shape.Select(n => n < 0 ? 1 : (int)Math.Min(n, int.MaxValue))];
            int count = CheckShape(shape, where);
            var slot = Allocate(count, where);
            Define(input.Name, new Operand { Shape = shape, Element = OnnxElement.F32, Slot = slot }, where);
            inputs.Add((new InferenceTensor(input.Name, shape), slot));
        }
        if (inputs.Count == 0) throw new InvalidDataException($"{_source}: the graph has no input; there is nothing to run it on.");
        return inputs;
    }

    private void AddNode(OnnxNode node)
    {
        if (node.Domain.Length > 0 || !ManagedOperators.TryFind(node.OpType, out var compile))
        {
            throw new NotSupportedException(
                $"{_source}: node {node}: the managed engine has no operator '{(node.Domain.Length > 0 ? node.Domain + "." : "")}{node.OpType}'; "
                + "use the ONNX Runtime engine (put libonnxruntime.so.1 where the loader finds it), or export the model without it.");
        }
        var context = new OperatorContext(this, node, _source);
        compile(context);
        context.CheckAllUsed();
    }

    private List<(InferenceTensor, Slot)> AddOutputs(List<(InferenceTensor Tensor, Slot Slot)> inputs)
    {
        var outputs = new List<(InferenceTensor, Slot)>();
        foreach (var output in _model.Outputs)
        {
            string where = $"output '{output.Name}'";
            var operand = Find(output.Name) ?? throw new InvalidDataException($"{_source}: {where} is made by no node.");
            if (operand.Element != OnnxElement.F32) throw new NotSupportedException($"{_source}: {where} gives {operand.Element}; only F32 comes out. Add a Cast.");
            CheckStated(output, operand, where);
            var slot = Place(operand, where);
            // An output must not change when the caller writes the next input.
            if (operand.Constant is null && inputs.Any(i => i.Slot.Offset == slot.Offset))
            {
                var own = Allocate(slot.Count, where);
                Emit(new CopyStep(slot, own));
                slot = own;
            }
            outputs.Add((new InferenceTensor(output.Name, operand.Shape), slot));
        }
        if (outputs.Count == 0) throw new InvalidDataException($"{_source}: the graph has no output.");
        return outputs;
    }

    private void CheckStated(OnnxValue output, Operand operand, string where)
    {
        if (output.Shape is not { } stated) return;
        bool fits = stated.Count == operand.Rank;
        for (int i = 0; fits && i < stated.Count; i++) fits = stated[i] < 0 || stated[i] == operand.Shape[i];
        if (!fits) throw new InvalidDataException($"{_source}: {where} is stated as [{string.Join(", ", stated)}], the nodes give [{string.Join(", ", operand.Shape)}].");
    }
}
