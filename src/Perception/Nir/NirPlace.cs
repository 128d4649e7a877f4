namespace EdgeAutonomy.Perception;

/// <summary>Where in a graph something is; put into words only when it must be told.</summary>
/// <param name="Source">The file.</param>
/// <param name="Path">The graph, such as <c>/node</c>.</param>
/// <param name="Node">The node in it.</param>
/// <param name="Parameter">Its parameter; empty for the node as a whole.</param>
internal readonly record struct NirPlace(string Source, string Path, string Node, string Parameter = "")
{
    public string Text => Parameter.Length == 0 ? $"{Path}/nodes/{Node}" : $"{Path}/nodes/{Node}/{Parameter}";

    public ModelFileException Error(string sentence) => new(Source, Text, -1, sentence + ".");
}
