using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Perception;

/// <summary>What NIR demands of a graph: which parameters a node must have, of which rank and kind, and that edges name nodes.</summary>
/// <remarks>
/// <para>Missing <c>v_reset</c> is allowed and means zeros; missing <c>w_in</c> means 1; <c>w_in</c> may be one number for the whole population. All other
/// parameters of a neuron have one shape, the population's. Numbers that should be whole may be stored as floats. Parameters must be finite.</para>
/// <para>Shapes along edges are not followed here: that needs inference and is the engine's affair. Source: NIR at commit 7232ada, nir/ir/*.py.</para>
/// </remarks>
public static class NirSchema
{
    private const int MaxAxes = NirRules.MaxAxes, MaxWarnings = 100;

    private static readonly Dictionary<string, NirNodeType> Types = Enum.GetValues<NirNodeType>().ToDictionary(t => t.ToString(), StringComparer.Ordinal);

    /// <summary>Returns the node type of a name as it stands in files; null for one that NIR does not know.</summary>
    public static NirNodeType? TypeOf(string name) => Types.TryGetValue(name, out var type) ? type : null;

    /// <summary>Checks a graph and all graphs in it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="source">Where it comes from, such as a path; starts the messages.</param>
    /// <param name="warnings">Takes one sentence for each thing that is odd but can be understood, up to 100 in all.</param>
    /// <exception cref="ModelFileException">The graph breaks a rule; the message names the node or edge, both sides of a mismatch, and the rule.</exception>
    public static void Check(NirGraph graph, string source, ICollection<string> warnings) => Check(graph, source, "/node", warnings);

    private static void Check(NirGraph graph, string source, string path, ICollection<string> warnings)
    {
        var nodes = new Dictionary<string, NirNode>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            var place = new NirPlace(source, path, node.Name);
            if (!nodes.TryAdd(node.Name, node)) throw place.Error("two nodes have this name; names must differ within a graph");
            CheckNode(node, place, warnings);
            if ((node.Graph is null) == (node.Type == NirNodeType.NIRGraph)) throw place.Error($"a node of type {node.Type} {(node.Graph is null ? "needs" : "cannot have")} an inner graph");
            if (node.Graph is not null) Check(node.Graph, source, place.Text, warnings);
        }
        CheckEdges(graph, nodes, source, path, warnings);
    }

    private static void CheckEdges(NirGraph graph, Dictionary<string, NirNode> nodes, string source, string path, ICollection<string> warnings)
    {
        var seen = new HashSet<NirEdge>();
        int twice = 0, first = 0;
        for (int i = 0; i < graph.Edges.Count; i++)
        {
            var edge = graph.Edges[i];
            string? missing = !nodes.ContainsKey(edge.From) ? edge.From : !nodes.ContainsKey(edge.To) ? edge.To : null;
            if (missing is not null) throw new ModelFileException(source, $"{path}/edges[{i}]", -1, $"the edge '{edge.From}' -> '{edge.To}' names the node '{missing}', which this graph does not have{Some(nodes)}.");
            if (seen.Add(edge)) CheckOutput(nodes[edge.From], nodes[edge.To], path, i, warnings);
            else if (twice++ == 0) first = i;
        }
        if (twice == 0) return;
        var repeated = graph.Edges[first];
        Warn(warnings, $"{path}/edges[{first}]: the edge '{repeated.From}' -> '{repeated.To}' stands more than once{(twice > 1 ? $", and {twice - 1} others do" : "")}.");
    }

    private static string Some(Dictionary<string, NirNode> nodes) =>
        nodes.Count == 0 ? "; it has no nodes" : $"; it has {string.Join(", ", nodes.Keys.Order(StringComparer.Ordinal).Take(8).Select(n => $"'{n}'"))}{(nodes.Count > 8 ? ", …" : "")}";

    private static void CheckNode(NirNode node, in NirPlace place, ICollection<string> warnings)
    {
        var rules = NirRules.Of(node.Type);
        foreach (var rule in rules)
        {
            var value = node.Parameters[rule.Name];
            if (value is not null) CheckValue(rule, value, place with { Parameter = rule.Name });
            else if (rule.IsRequired) throw place.Error($"a node of type {node.Type} needs the parameter '{rule.Name}', which is missing");
        }
        foreach (var (name, _) in node.Parameters.Values)
        {
            if (!Array.Exists(rules, r => r.Name == name)) Warn(warnings, $"{place.Text}: a node of type {node.Type} has no parameter '{name}' in NIR; it is kept.");
        }
        CheckPopulation(node, rules, place);
        CheckWeights(node, place);
    }

    private static void CheckValue(NirRule rule, NirValue value, in NirPlace place)
    {
        if (value is NirText text)
        {
            if (rule.Texts.Contains(text.Text, StringComparer.Ordinal)) return;
            throw place.Error(rule.Texts.Length == 0 ? $"it is the text '{text.Text}', must be numbers" : $"it is the text '{text.Text}', must be {string.Join(" or ", rule.Texts)} or numbers");
        }
        if (value is not NirArray array) throw place.Error("it is a group, must be numbers");
        int rank = array.Shape.Length;
        if (rank < rule.MinRank || rank > Math.Min(rule.MaxRank, MaxAxes)) throw place.Error($"it has the shape [{string.Join(", ", array.Shape.ToArray())}] of rank {rank}, must have {rule.RankText}");
        if (array.Count < rule.MinCount || array.Count > rule.MaxCount) throw place.Error($"it has {array.Count} numbers, must have {rule.CountText}");
        // On the bytes as they are: a copy as float64 could be larger than all that reading may allocate.
        switch (array.Element)
        {
            case NirElement.F32:
                CheckNumbers(MemoryMarshal.Cast<byte, float>(array.Bytes), rule.Least, place);
                break;
            case NirElement.F64:
                CheckNumbers(MemoryMarshal.Cast<byte, double>(array.Bytes), rule.Least, place);
                break;
            case NirElement.I64:
                CheckNumbers(MemoryMarshal.Cast<byte, long>(array.Bytes), rule.Least, place);
                break;
            default:
                CheckNumbers(array.Bytes, rule.Least, place);
                break;
        }
    }

    private static void CheckNumbers<T>(ReadOnlySpan<T> values, int? least, in NirPlace place) where T : INumber<T>
    {
        foreach (var v in values)
        {
            if (!T.IsFinite(v)) throw place.Error(string.Create(CultureInfo.InvariantCulture, $"it holds {v}, must be finite"));
            if (least is { } from && (!T.IsInteger(v) || v < T.CreateSaturating(from) || v > T.CreateSaturating(int.MaxValue)))
            {
                throw place.Error(string.Create(CultureInfo.InvariantCulture, $"it holds {v}, must be whole numbers from {from} to {int.MaxValue}"));
            }
        }
    }

    private static void CheckPopulation(NirNode node, NirRule[] rules, in NirPlace place)
    {
        NirArray? first = null;
        string name = "";
        foreach (var rule in rules)
        {
            if (!rule.IsPopulation || node.Array(rule.Name) is not { } array) continue;
            if (rule.Name == "w_in" && array.Count == 1) continue;
            if (first is null)
            {
                first = array;
                name = rule.Name;
            }
            else if (!array.Shape.SequenceEqual(first.Shape))
            {
                throw place.Error($"'{rule.Name}' has the shape [{string.Join(", ", array.Shape.ToArray())}], '{name}' has [{string.Join(", ", first.Shape.ToArray())}]; the parameters of a neuron must have one shape");
            }
        }
    }

    private static void CheckWeights(NirNode node, in NirPlace place)
    {
        if (node.Array("bias") is not { } bias || node.Array("weight") is not { } weight) return;
        if (node.Type == NirNodeType.Affine)
        {
            int rows = weight.Shape[^2], all = rows;
            for (int i = 0; i < weight.Shape.Length - 2; i++) all *= weight.Shape[i];
            if (bias.Count != rows && bias.Count != all) throw place.Error($"'bias' has {bias.Count} numbers, 'weight' of shape [{string.Join(", ", weight.Shape.ToArray())}] gives {rows} outputs");
        }
        else if (node.Type is NirNodeType.Conv1d or NirNodeType.Conv2d)
        {
            int outputs = weight.Shape[0];
            if (bias.Count != outputs) throw place.Error($"'bias' has {bias.Count} numbers, 'weight' of shape [{string.Join(", ", weight.Shape.ToArray())}] gives {outputs} channels");
            int groups = node.Array("groups")!.ToInt32()[0];
            if (outputs % groups != 0) throw place.Error($"{outputs} output channels cannot be divided into {groups} groups");
        }
    }

    // Old exports state an output of shape [1, 1, 1] behind a neuron of shape [1]: the same numbers in the same order.
    private static void CheckOutput(NirNode from, NirNode to, string path, int edge, ICollection<string> warnings)
    {
        if (to.Type != NirNodeType.Output || Array.Find(NirRules.Of(from.Type), r => r.IsPopulation).Name is not { } name || from.Array(name) is not { } array) return;
        int[] stated = to.Required("shape").ToInt32();
        if (stated.AsSpan().SequenceEqual(array.Shape)) return;
        long count = stated.Aggregate(1L, (product, n) => Math.Min(product * n, int.MaxValue));
        Warn(warnings, $"{path}/edges[{edge}]: '{from.Name}' gives the shape [{string.Join(", ", array.Shape.ToArray())}], '{to.Name}' states [{string.Join(", ", stated)}]; "
            + (count == array.Count ? "the counts agree." : $"{array.Count} and {count} numbers do not agree."));
    }

    // A file that is odd in a thousand places is not read with more care for a thousand sentences.
    internal static void Warn(ICollection<string> warnings, string sentence)
    {
        if (warnings.Count < MaxWarnings) warnings.Add(warnings.Count < MaxWarnings - 1 ? sentence : "There is more that is odd; only the first warnings are listed.");
    }
}
