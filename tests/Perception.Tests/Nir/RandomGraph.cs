using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Makes graphs that are valid and otherwise as odd as they can be: every type, element, rank, nesting and name.</summary>
internal sealed class RandomGraph(ulong seed)
{
    private readonly RandomStream _random = new(seed);

    public NirGraph Make(int depth = 0)
    {
        var nodes = new Dictionary<string, NirNode>();
        int count = _random.NextInt32(depth == 0 && _random.NextInt32(8) == 0 ? 300 : 6);
        for (int i = 0; i < count; i++)
        {
            string name = Name();
            nodes.TryAdd(name, Node(name, depth));
        }
        string[] names = [.. nodes.Keys];
        var edges = new NirEdge[names.Length == 0 ? 0 : _random.NextInt32(2 * names.Length)];
        for (int i = 0; i < edges.Length; i++) edges[i] = new NirEdge(names[_random.NextInt32(names.Length)], names[_random.NextInt32(names.Length)]);
        return new NirGraph([.. nodes.Values], edges, Metadata(0), depth == 0 ? Text() : "");
    }

    private NirNode Node(string name, int depth)
    {
        var types = Enum.GetValues<NirNodeType>();
        var type = types[_random.NextInt32(types.Length)];
        if (type == NirNodeType.NIRGraph)
        {
            return depth < 3 ? new NirNode(name, type, null, null, Make(depth + 1)) : new NirNode(name, NirNodeType.Input, new NirGroup(new Dictionary<string, NirValue> { ["shape"] = NirArray.Vector(1, 2) }));
        }
        var parameters = new Dictionary<string, NirValue>();
        int[] population = Shape(_random.NextInt32(4), 1);
        int outputs = 1 + _random.NextInt32(5);
        foreach (var rule in NirRules.Of(type))
        {
            if (!rule.IsRequired && _random.NextInt32(2) == 0) continue;
            parameters.Add(rule.Name, Value(rule, population, outputs, type));
        }
        return new NirNode(name, type, new NirGroup(parameters), Metadata(0));
    }

    private NirValue Value(NirRule rule, int[] population, int outputs, NirNodeType type)
    {
        if (rule.IsPopulation) return rule.Name == "w_in" && _random.NextInt32(2) == 0 ? NirArray.Scalar(1.5) : Numbers(population);
        if (rule.Texts.Length > 0 && _random.NextInt32(3) == 0) return new NirText(rule.Texts[_random.NextInt32(rule.Texts.Length)]);
        switch (rule.Name)
        {
            case "groups":
                return NirArray.Scalar(1L);
            case "bias":
                return Numbers([outputs]);
            case "weight":
                int[] shape = Shape(rule.MinRank, 1);
                shape[type is NirNodeType.Affine ? ^2 : 0] = outputs;
                return Numbers(shape);
        }
        int count = rule.MaxCount == NirRules.MaxAxes ? 1 + _random.NextInt32(4) : rule.MaxCount;
        long[] values = new long[count];
        for (int i = 0; i < count; i++) values[i] = 1 + _random.NextInt32(5);
        return count == 1 && _random.NextInt32(2) == 0 ? NirArray.Of(values) : NirArray.Of(values, count);
    }

    private NirGroup Metadata(int depth)
    {
        var values = new Dictionary<string, NirValue>();
        for (int i = _random.NextInt32(depth == 0 ? 3 : 4); i > 0; i--)
        {
            values[Name()] = _random.NextInt32(depth < 4 ? 4 : 3) switch
            {
                0 => new NirText(Text()),
                1 => Numbers(Shape(_random.NextInt32(5), 0), anyBits: true),
                2 => Numbers([], anyBits: true),
                _ => Metadata(depth + 1),
            };
        }
        return new NirGroup(values);
    }

    private NirArray Numbers(int[] shape, bool anyBits = false)
    {
        int count = shape.Aggregate(1, (a, b) => a * b);
        switch (_random.NextInt32(anyBits ? 4 : 3))
        {
            case 0:
                return NirArray.Of(Fill(count, () => anyBits ? BitConverter.UInt32BitsToSingle((uint)_random.NextUInt64()) : (float)_random.NextGaussian()), shape);
            case 1:
                return NirArray.Of(Fill(count, () => anyBits ? BitConverter.UInt64BitsToDouble(_random.NextUInt64()) : _random.NextGaussian()), shape);
            case 2:
                return NirArray.Of(Fill(count, () => (byte)_random.NextUInt64()), shape);
            default:
                return NirArray.Of(Fill(count, () => (long)_random.NextUInt64()), shape);
        }
    }

    private static T[] Fill<T>(int count, Func<T> next)
    {
        var values = new T[count];
        for (int i = 0; i < count; i++) values[i] = next();
        return values;
    }

    private int[] Shape(int rank, int least)
    {
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++) shape[i] = least + _random.NextInt32(4);
        return shape;
    }

    private string Name()
    {
        string[] parts = ["lif", "w_rec", "1", ".", "ü", "Ω", "𝄞", " ", "edge_dt", "\t", "\\", "x"];
        string name = "n";
        for (int i = _random.NextInt32(5); i > 0; i--) name = _random.NextInt32(2) == 0 ? name + parts[_random.NextInt32(parts.Length)] : parts[_random.NextInt32(parts.Length)] + name;
        return name;
    }

    private string Text() => string.Concat(Enumerable.Range(0, _random.NextInt32(_random.NextInt32(20) == 0 ? 3000 : 6)).Select(_ => Name()));
}
