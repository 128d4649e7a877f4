using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>What we write, we read; and so does the reference library.</summary>
public class NirRoundTripTests
{
    private const string Dump = """
        import sys, json, hashlib, h5py, numpy as np
        def dump(item):
            if isinstance(item, h5py.Group): return {k: dump(v) for k, v in item.items()}
            if h5py.check_string_dtype(item.dtype):
                return ['text', list(item.shape), [v.decode('utf8') for v in np.ravel(np.asarray(item[()], dtype=object))]]
            a = np.ascontiguousarray(item[()])
            return [str(item.dtype), list(item.shape), a.tobytes().hex()]
        with h5py.File(sys.argv[1], 'r') as f: print(json.dumps(dump(f)))
        """;

    [Fact]
    public void WriteThenRead_RandomGraphs_GivesTheSame()
    {
        var property = Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var graph = new RandomGraph(seed).Make();
            byte[] content = ToBytes(graph);
            var copy = NirFile.Read(content, "copy", out _);
            return copy.Equals(graph) && copy.Version == graph.Version && copy.Edges.SequenceEqual(graph.Edges) && content.AsSpan().SequenceEqual(ToBytes(graph));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), property);
    }

    [Fact]
    public void Read_Stream_GivesTheSame()
    {
        var graph = new RandomGraph(5).Make();
        using var stream = new MemoryStream(ToBytes(graph));
        Assert.Equal(graph, NirFile.Read(stream, "stream", out _));
    }

    [Fact]
    public void Write_ThreeThousandNodes_AllReadBack()
    {
        var graph = Large(3000);
        Assert.Equal(graph, NirFile.Read(ToBytes(graph), "large", out _));
    }

    [SkippableFact]
    public void Write_RandomGraphs_ReferenceLibraryReadsEveryValue()
    {
        using var folder = new TemporaryFolder();
        for (ulong seed = 1; seed <= 8; seed++)
        {
            var graph = seed == 8 ? Large(3000) : new RandomGraph(seed * 977).Make();
            string path = folder.File("ours.nir");
            NirFile.Write(path, graph);
            using var document = JsonDocument.Parse(Python.Run(Dump, path), new JsonDocumentOptions { MaxDepth = 256 });
            var root = document.RootElement;
            Assert.Equal(graph.Version, root.GetProperty("version")[2][0].GetString());
            CheckGraph(graph, root.GetProperty("node"));
        }
    }

    [Fact]
    public void Write_OverExistingFile_ReplacesItOrLeavesIt()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("net.nir");
        var first = new RandomGraph(1).Make();
        NirFile.Write(path, first);
        byte[] before = File.ReadAllBytes(path);
        var bad = new NirGraph([], [new NirEdge("a", "b")]);
        Assert.Throws<ModelFileException>(() => NirFile.Write(path, bad));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder.Path));
        var second = new RandomGraph(2).Make();
        NirFile.Write(path, second);
        Assert.Equal(second, NirFile.Read(path));
    }

    [Fact]
    public void Write_FolderDoesNotExist_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ModelFileException>(() => NirFile.Write(folder.File("no/net.nir"), new NirGraph([], [])));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NameOrTextThatFilesCannotHold_IsRefused()
    {
        foreach (string name in new[] { "a/b", "", ".", "..", "a\0b", "\uD834", "\uDD1E\uD834" })
        {
            var shape = new Dictionary<string, NirValue> { ["shape"] = NirArray.Vector(1) };
            Assert.Throws<ModelFileException>(() => ToBytes(new NirGraph([new NirNode(name, NirNodeType.Input, new NirGroup(shape))], [])));
            Assert.Throws<ModelFileException>(() => ToBytes(new NirGraph([], [], new NirGroup(new Dictionary<string, NirValue> { [name] = NirArray.Scalar(1.0) }))));
        }
        foreach (string name in new[] { "type", "metadata" })
        {
            var parameters = new Dictionary<string, NirValue> { ["shape"] = NirArray.Vector(1), [name] = new NirText("x") };
            Assert.Throws<ModelFileException>(() => ToBytes(new NirGraph([new NirNode("a", NirNodeType.Input, new NirGroup(parameters))], [])));
        }
        Assert.Throws<ModelFileException>(() => ToBytes(new NirGraph([], [], new NirGroup(new Dictionary<string, NirValue> { ["a"] = new NirText("x\0y") }))));
    }

    [Fact]
    public void Write_NestedToTheLimit_ReadsBackAndOneMoreIsRefused()
    {
        // The graph is one group deep; its list of nodes and each node in it are two more.
        Assert.Equal(Nested(31), NirFile.Read(ToBytes(Nested(31)), "deep", out _));
        Assert.Contains("deeper than 64", Assert.Throws<ModelFileException>(() => ToBytes(Nested(32))).Message, StringComparison.Ordinal);
    }

    private static NirGraph Nested(int levels) => levels == 0
        ? new NirGraph([], [])
        : new NirGraph([new NirNode("in", NirNodeType.NIRGraph, graph: Nested(levels - 1))], []);

    private static NirGraph Large(int count)
    {
        var shape = new NirGroup(new Dictionary<string, NirValue> { ["shape"] = NirArray.Vector(2, 3) });
        return new NirGraph([.. Enumerable.Range(0, count).Select(i => new NirNode($"node{i}", NirNodeType.Input, shape))], [.. Enumerable.Range(1, count - 1).Select(i => new NirEdge($"node{i - 1}", $"node{i}"))]);
    }

    internal static byte[] ToBytes(NirGraph graph)
    {
        using var stream = new MemoryStream();
        NirFile.Write(stream, graph);
        return stream.ToArray();
    }

    private static void CheckGraph(NirGraph graph, JsonElement found)
    {
        Assert.Equal("NIRGraph", found.GetProperty("type")[2][0].GetString());
        Assert.Equal(graph.Edges.SelectMany(e => new[] { e.From, e.To }), found.GetProperty("edges")[2].EnumerateArray().Select(e => e.GetString()));
        var nodes = found.GetProperty("nodes");
        Assert.Equal(graph.Nodes.Count, nodes.EnumerateObject().Count());
        foreach (var node in graph.Nodes)
        {
            var item = nodes.GetProperty(node.Name);
            if (node.Graph is not null)
            {
                CheckGraph(node.Graph, item);
                continue;
            }
            Assert.Equal(node.Type.ToString(), item.GetProperty("type")[2][0].GetString());
            foreach (var (name, value) in node.Parameters.Values) CheckValue(value, item.GetProperty(name));
            CheckMetadata(node.Metadata, item);
        }
        CheckMetadata(graph.Metadata, found);
    }

    private static void CheckMetadata(NirGroup metadata, JsonElement item)
    {
        Assert.Equal(metadata.Values.Count > 0, item.TryGetProperty("metadata", out var found));
        if (metadata.Values.Count > 0) CheckValue(metadata, found);
    }

    private static void CheckValue(NirValue value, JsonElement found)
    {
        switch (value)
        {
            case NirText text:
                Assert.Equal("text", found[0].GetString());
                Assert.Equal(text.Text, found[2][0].GetString());
                break;
            case NirArray array:
                Assert.Equal(array.Element switch { NirElement.F32 => "float32", NirElement.F64 => "float64", NirElement.I64 => "int64", _ => "uint8" }, found[0].GetString());
                Assert.Equal(array.Shape.ToArray(), found[1].EnumerateArray().Select(v => v.GetInt32()));
                Assert.Equal(Convert.ToHexStringLower(array.Bytes), found[2].GetString());
                break;
            case NirGroup group:
                Assert.Equal(group.Values.Count, found.EnumerateObject().Count());
                foreach (var (name, inner) in group.Values) CheckValue(inner, found.GetProperty(name));
                break;
        }
    }
}
