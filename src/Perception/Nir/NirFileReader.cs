namespace EdgeAutonomy.Perception;

/// <summary>Turns the groups and datasets of an HDF5 file into a graph.</summary>
internal sealed class NirFileReader(Hdf5File file, List<string> warnings)
{
    // A NIR file is a tree. A group under two names could make it endless, or 2⁶⁴ groups large.
    private readonly HashSet<long> _groups = [];

    public NirGraph Read()
    {
        var root = file.Root;
        if (root.Find("node") is not { } node)
        {
            throw file.Bytes.Error("/", -1, root.Attributes().ContainsKey("__type__")
                ? "this is a recording of data, not a network: it has no group 'node'."
                : "this is not a NIR file: it has no group 'node'.");
        }
        string version = root.Find("version") is { } stated ? Text(stated) : "";
        var group = Group(node);
        string type = TypeOf(group);
        if (type != nameof(NirNodeType.NIRGraph)) throw file.Bytes.Error(group.Path, -1, $"the outermost node is of type '{type}', must be NIRGraph; export the network as a graph.");
        var graph = Graph(group, version);
        foreach (string name in group.Names)
        {
            if (!IsOfGraph(name)) NirSchema.Warn(warnings, $"{group.Path}: the graph has an entry '{name}' that NIR does not know; it is left out.");
        }
        return graph;
    }

    private NirGraph Graph(Hdf5Group group, string version)
    {
        var nodes = new List<NirNode>();
        var children = Group(Required(group, "nodes"));
        foreach (string name in children.Names) nodes.Add(Node(name, Group(children.Find(name)!), version));
        return new NirGraph(nodes, Edges(group), Metadata(group), version);
    }

    private NirNode Node(string name, Hdf5Group group, string version)
    {
        string text = TypeOf(group);
        if (NirSchema.TypeOf(text) is not { } type)
        {
            throw file.Bytes.Error(group.Path, -1, $"node '{name}' is of type '{text}', which NIR does not know; fold or replace the layer before exporting (known: {string.Join(", ", Enum.GetNames<NirNodeType>())}).");
        }
        bool isGraph = type == NirNodeType.NIRGraph;
        var parameters = new Dictionary<string, NirValue>();
        foreach (string key in group.Names)
        {
            if (isGraph ? IsOfGraph(key) : key is "type" or "metadata") continue;
            if (Value(group.Find(key)!) is { } value) parameters.Add(key, value);
        }
        // A file has one place for the metadata of a node and of the graph in it: they are the graph's.
        return isGraph
            ? new NirNode(name, type, new NirGroup(parameters), null, Graph(group, version))
            : new NirNode(name, type, new NirGroup(parameters), Metadata(group));
    }

    private static bool IsOfGraph(string name) => name is "type" or "metadata" or "nodes" or "edges";

    private NirGroup? Metadata(Hdf5Group group) => group.Find("metadata") is { } found ? (NirGroup?)Value(found) : null;

    /// <summary>Reads a value; null for one that says it is none, or that cannot be told in NIR's terms.</summary>
    private NirValue? Value(Hdf5Object found)
    {
        if (found is Hdf5Dataset dataset) return Value(dataset);
        var group = Group(found);
        var values = new Dictionary<string, NirValue>();
        foreach (string key in group.Names)
        {
            if (Value(group.Find(key)!) is { } value) values.Add(key, value);
        }
        return new NirGroup(values);
    }

    private NirValue? Value(Hdf5Dataset dataset)
    {
        if (dataset.IsNull) return null;
        var type = dataset.Type;
        switch (type.Class)
        {
            case Hdf5TypeClass.Float:
                return type.Size == 8 ? NirArray.Of(dataset.Elements().ToDouble(), dataset.Shape) : NirArray.Of(dataset.Elements().ToSingle(), dataset.Shape);
            case Hdf5TypeClass.Integer:
                bool isByte = type.Size == 1 && (type.IsEnumeration || !type.IsSigned);
                return isByte ? NirArray.Of(dataset.Elements().ToBytes(), dataset.Shape) : NirArray.Of(dataset.Elements().ToInt64(), dataset.Shape);
            case Hdf5TypeClass.Text or Hdf5TypeClass.FixedText when dataset.Count == 1:
                return new NirText(dataset.Elements().ToTexts()[0]);
            default:
                NirSchema.Warn(warnings, $"{dataset.Path}: {dataset.Count} elements of {type.Description} cannot be taken over; the entry is left out.");
                return null;
        }
    }

    private NirEdge[] Edges(Hdf5Group group)
    {
        var dataset = Dataset(Required(group, "edges"));
        if (dataset.Count == 0) return []; // an empty list has lost its shape and type
        if (dataset.Shape is not [_, 2]) throw file.Bytes.Error(dataset.Path, -1, $"edges have the shape [{string.Join(", ", dataset.Shape)}], must be [count, 2].");
        string[] names = dataset.Elements().ToTexts();
        var edges = new NirEdge[names.Length / 2];
        for (int i = 0; i < edges.Length; i++) edges[i] = new NirEdge(names[2 * i], names[2 * i + 1]);
        return edges;
    }

    private string TypeOf(Hdf5Group group) => Text(Required(group, "type"));

    private string Text(Hdf5Object found)
    {
        var dataset = Dataset(found);
        return dataset.Count == 1 ? dataset.Elements().ToTexts()[0] : throw file.Bytes.Error(dataset.Path, -1, $"it has {dataset.Count} elements, must be one text.");
    }

    private Hdf5Object Required(Hdf5Group group, string name) => group.Find(name) ?? throw file.Bytes.Error(group.Path, -1, $"it has no entry '{name}', which NIR demands here.");

    private Hdf5Group Group(Hdf5Object found)
    {
        var group = found as Hdf5Group ?? throw file.Bytes.Error(found.Path, -1, "it is a dataset, must be a group.");
        return _groups.Add(group.Address) ? group : throw file.Bytes.Error(group.Path, -1, "this group is also found under another name; a network must be a tree.");
    }

    private Hdf5Dataset Dataset(Hdf5Object found) => found as Hdf5Dataset ?? throw file.Bytes.Error(found.Path, -1, "it is a group, must be a dataset.");
}
