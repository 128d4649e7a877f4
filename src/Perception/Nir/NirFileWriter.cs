namespace EdgeAutonomy.Perception;

/// <summary>Turns a graph into the groups and datasets of an HDF5 file.</summary>
internal sealed class NirFileWriter(string name)
{
    private readonly Hdf5Writer _writer = new();

    public byte[] Write(NirGraph graph)
    {
        try
        {
            var root = new Dictionary<string, long>
            {
                ["version"] = Text(graph.Version, "/version"),
                ["node"] = _writer.Group(Graph(graph, "/node", 1)),
            };
            return _writer.Finish(root);
        }
        catch (IOException e) when (e is not ModelFileException)
        {
            throw Error("", e.Message);
        }
    }

    private Dictionary<string, long> Graph(NirGraph graph, string path, int depth)
    {
        CheckDepth(path, depth + 1);
        var nodes = new Dictionary<string, long>();
        foreach (var node in graph.Nodes)
        {
            string place = $"{path}/nodes/{node.Name}";
            CheckName(node.Name, place);
            CheckDepth(place, depth + 2);
            var entries = node.Graph is null ? new Dictionary<string, long> { ["type"] = Text(node.Type.ToString(), place) } : Graph(node.Graph, place, depth + 2);
            foreach (var (key, value) in node.Parameters.Values)
            {
                if (key == "metadata") throw Error(place, "a parameter is named 'metadata', which is NIR's own name; choose another.");
                Add(entries, key, value, place, depth + 2);
            }
            if (node.Graph is null) AddMetadata(entries, node.Metadata, place, depth + 2);
            else if (node.Metadata.Values.Count > 0) throw Error(place, "a node that is a graph has metadata of its own, for which files have no place; put them on the inner graph.");
            nodes.Add(node.Name, _writer.Group(entries));
        }
        var own = new Dictionary<string, long>
        {
            ["type"] = Text(nameof(NirNodeType.NIRGraph), path),
            ["nodes"] = _writer.Group(nodes),
            ["edges"] = _writer.Texts(graph.Edges.SelectMany(e => new[] { e.From, e.To }).ToArray(), graph.Edges.Count, 2),
        };
        AddMetadata(own, graph.Metadata, path, depth);
        return own;
    }

    private void AddMetadata(Dictionary<string, long> entries, NirGroup metadata, string path, int depth)
    {
        if (metadata.Values.Count == 0) return; // NIR leaves empty groups out
        Add(entries, "metadata", metadata, path, depth);
    }

    private void Add(Dictionary<string, long> entries, string key, NirValue value, string path, int depth)
    {
        string place = $"{path}/{key}";
        CheckName(key, place);
        if (!entries.TryAdd(key, value switch
        {
            NirArray array => _writer.Array(array),
            NirText text => Text(text.Text, place),
            NirGroup group => Group(group, place, depth + 1),
            _ => throw new InvalidOperationException($"Bug in EdgeAutonomy.Perception: a value of type {value.GetType()} cannot be written."),
        }))
        {
            throw Error(place, "the name is taken by NIR itself (type, nodes, edges, metadata); choose another.");
        }
    }

    private long Group(NirGroup group, string path, int depth)
    {
        CheckDepth(path, depth);
        var entries = new Dictionary<string, long>();
        foreach (var (key, value) in group.Values) Add(entries, key, value, path, depth);
        return _writer.Group(entries);
    }

    private long Text(string text, string path)
    {
        CheckText(text, path);
        return _writer.Texts([text]);
    }

    private void CheckName(string key, string place)
    {
        CheckText(key, place);
        if (key.Length == 0 || key is "." or ".." || key.Contains('/')) throw Error(place, "a name must not be empty, '.' or '..', or hold a slash.");
    }

    // HDF5 ends texts at a NUL, and half a surrogate pair is not UTF-8: both would come back as another text.
    private void CheckText(string text, string place)
    {
        if (text.Contains('\0')) throw Error(place, "a text holds a NUL, which files cannot store.");
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) throw Error(place, $"a text holds half a surrogate pair at position {i}.");
            i++;
        }
    }

    private void CheckDepth(string path, int depth)
    {
        if (depth > Hdf5File.MaxDepth) throw Error(path, $"groups are nested deeper than {Hdf5File.MaxDepth}.");
    }

    private ModelFileException Error(string place, string sentence) => new(name, place, -1, sentence);
}
