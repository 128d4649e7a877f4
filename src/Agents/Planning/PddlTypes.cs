namespace EdgeAutonomy.Agents;

/// <summary>The types of a domain. Type 0 is the root that everything belongs to.</summary>
/// <remarks>
/// <c>object</c> names the root unless the domain declares it as a type of its own, as ALFWorld does beside <c>receptacle</c>:
/// there a receptacle is not an object.
/// </remarks>
internal sealed class PddlTypes
{
    public const int MaxTypes = 1000;
    private readonly List<string> _names = [""];
    private readonly List<int> _parents = [-1];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    public int Count => _names.Count;

    public string Name(int type) => type == 0 ? "object" : _names[type];

    public static PddlTypes Read(PddlReader reader, PddlNode? section)
    {
        var types = new PddlTypes();
        if (section is not null)
        {
            var entries = PddlTypedList.Read(reader, section.Items, 1);
            foreach (var (node, _) in entries) types.Declare(reader, node);
            foreach (var (node, parent) in entries) types.SetParent(reader, node, parent);
            types.CheckCycles(reader, entries);
        }
        types._byName.TryAdd("object", 0);
        return types;
    }

    public int Find(PddlReader reader, PddlNode? node)
    {
        if (node is null) return 0;
        string name = reader.Word(node, "a type");
        return _byName.TryGetValue(name, out int type) ? type : throw reader.Error(node, $"type '{name}' is not declared in the domain's (:types …).");
    }

    /// <summary>Returns whether things of one type are things of another.</summary>
    public bool IsA(int type, int ancestor)
    {
        if (ancestor == 0) return true;
        for (; type > 0; type = _parents[type])
        {
            if (type == ancestor) return true;
        }
        return false;
    }

    /// <summary>Returns the type above, or −1 above the root.</summary>
    public int Parent(int type) => _parents[type];

    private int Declare(PddlReader reader, PddlNode node)
    {
        string name = reader.Word(node, "a type");
        if (_byName.TryGetValue(name, out int known)) return known;
        if (Count == MaxTypes) throw reader.Error(node, $"more than {MaxTypes} types.");
        _byName.Add(name, Count);
        _names.Add(name);
        _parents.Add(0);
        return Count - 1;
    }

    private void SetParent(PddlReader reader, PddlNode node, PddlNode? parentNode)
    {
        if (parentNode is null) return;
        string parentName = reader.Word(parentNode, "a type");
        // "object" on the right alone is the root; every other name on the right is a type even where it is never declared on the left.
        int parent = parentName == "object" && !_byName.ContainsKey("object") ? 0 : Declare(reader, parentNode);
        int type = _byName[node.Word!];
        if (parent == 0) return;
        if (_parents[type] != 0 && _parents[type] != parent)
            throw reader.Error(node, $"type '{node.Word}' has two parents, '{Name(_parents[type])}' and '{parentName}'; one is allowed.");
        _parents[type] = parent;
    }

    private void CheckCycles(PddlReader reader, List<(PddlNode Name, PddlNode? Type)> entries)
    {
        foreach (var (node, _) in entries)
        {
            int steps = 0;
            for (int t = _byName[node.Word!]; t > 0; t = _parents[t])
            {
                if (++steps > Count) throw reader.Error(node, $"type '{node.Word}' is its own ancestor; the hierarchy must not have a cycle.");
            }
        }
    }
}
