namespace EdgeAutonomy.Perception;

/// <summary>One node of a network: its type and its parameters under the names that NIR gives them; immutable.</summary>
/// <param name="name">The name, unique in its graph.</param>
/// <param name="type">What it does.</param>
/// <param name="parameters">The parameters; null = none.</param>
/// <param name="metadata">What only some readers know; ours begin with <c>edge_</c>; null = none.</param>
/// <param name="graph">The inner graph of a <see cref="NirNodeType.NIRGraph"/>.</param>
public sealed class NirNode(string name, NirNodeType type, NirGroup? parameters = null, NirGroup? metadata = null, NirGraph? graph = null) : IEquatable<NirNode>
{
    /// <summary>Gets the name, unique in its graph; it may hold dots and may be a digit.</summary>
    public string Name { get; } = name;

    /// <summary>Gets what it does.</summary>
    public NirNodeType Type { get; } = type;

    /// <summary>Gets the parameters.</summary>
    public NirGroup Parameters { get; } = parameters ?? NirGroup.Empty;

    /// <summary>Gets what only some readers know.</summary>
    public NirGroup Metadata { get; } = metadata ?? NirGroup.Empty;

    /// <summary>Gets the inner graph of a <see cref="NirNodeType.NIRGraph"/>; null otherwise.</summary>
    public NirGraph? Graph { get; } = graph;

    /// <summary>Gets a parameter that is an array.</summary>
    /// <param name="parameter">Its name.</param>
    /// <returns>Null where it is absent or a text.</returns>
    public NirArray? Array(string parameter) => Parameters[parameter] as NirArray;

    /// <summary>Gets a parameter that must be an array.</summary>
    /// <param name="parameter">Its name.</param>
    /// <exception cref="InvalidDataException">It is absent or a text.</exception>
    public NirArray Required(string parameter) => Array(parameter) ?? throw new InvalidDataException($"Node '{Name}' ({Type}) has no parameter '{parameter}'.");

    /// <inheritdoc/>
    public bool Equals(NirNode? other) =>
        other is not null && other.Name == Name && other.Type == Type && other.Parameters.Equals(Parameters) && other.Metadata.Equals(Metadata) && Equals(other.Graph, Graph);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NirNode);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
