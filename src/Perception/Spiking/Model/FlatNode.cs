namespace EdgeAutonomy.Perception;

/// <summary>A node of a flattened graph, and what the compiler found out about it.</summary>
internal sealed class FlatNode(string name, NirNodeType type, NirNode? node, bool isInner)
{
    /// <summary>Gets the path: names of nested graphs joined by '/'.</summary>
    internal string Name { get; } = name;

    internal NirNodeType Type { get; } = type;

    /// <summary>Gets the description; null for an Input or Output that the compiler added.</summary>
    internal NirNode? Node { get; } = node;

    /// <summary>Gets whether it only passes signals on: the Input or Output of a nested graph.</summary>
    internal bool IsInner { get; } = isInner;

    /// <summary>Gets the nodes whose signals sum here, ordered by name: the order in which they are added.</summary>
    internal List<FlatNode> Inputs { get; } = [];

    internal List<FlatNode> Outputs { get; } = [];

    /// <summary>Gets the inputs that close a loop: their signal of the step before arrives.</summary>
    internal HashSet<FlatNode> Delayed { get; } = [];

    /// <summary>Gets or sets the shape of what it sends, as NIR counts it; null while unknown.</summary>
    internal int[]? Shape { get; set; }

    /// <summary>Gets or sets where its elements lie.</summary>
    internal SignalLayout Layout { get; set; }

    /// <summary>Gets or sets the constants of a neuron.</summary>
    internal NeuronConstants? Neuron { get; set; }

    internal bool IsNeuron => Type is NirNodeType.I or NirNodeType.IF or NirNodeType.LI or NirNodeType.LIF or NirNodeType.CubaLI or NirNodeType.CubaLIF;

    internal bool Spikes => Type is NirNodeType.IF or NirNodeType.LIF or NirNodeType.CubaLIF;

    internal bool IsConv => Type is NirNodeType.Conv1d or NirNodeType.Conv2d;

    internal bool IsPool => Type is NirNodeType.SumPool2d or NirNodeType.AvgPool2d && !IsMaxPool;

    internal bool IsMaxPool => Type == NirNodeType.SumPool2d && Node?.Metadata["edge_pool"] is NirText { Text: "max" };

    internal bool IsDense => Type is NirNodeType.Linear or NirNodeType.Affine;

    internal bool IsLinear => IsDense || IsConv || IsPool || Type == NirNodeType.Scale;

    /// <summary>Gets whether it changes nothing but the shape.</summary>
    internal bool IsIdentity => IsInner || Type is NirNodeType.Flatten or NirNodeType.Output;

    internal int Elements => SignalLayout.Product(Shape!);

    internal string ShapeText => Shape is null ? "unknown" : Text(Shape);

    internal static string Text(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    internal SpikingModelException Error(string what) => new(Name, $"Node '{Name}' ({Type}) {what}");
}
