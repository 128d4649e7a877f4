using System.Security.Cryptography;
using System.Text.Json;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Published network files against what h5py finds in them.</summary>
public class NirFileTests
{
    [SkippableTheory]
    [InlineData("lif_norse.nir")]
    [InlineData("lif_rockpool.nir")]
    [InlineData("two_lif_neurons.nir")]
    [InlineData("cnn_sinabs.nir")]
    [InlineData("braille_noDelay_bias_zero.nir")]
    [InlineData("braille_noDelay_noBias_subtract.nir")]
    public void Read_PublishedFile_MatchesOracle(string name)
    {
        string path = SharedData.Require("nir/" + name);
        var expected = Oracle(name);
        byte[] content = File.ReadAllBytes(path);
        Assert.Equal(expected.GetProperty("bytes").GetInt32(), content.Length);
        Assert.Equal(expected.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(content)));

        var graph = NirFile.Read(path, out var warnings);
        Assert.Equal(expected.GetProperty("version").GetString(), graph.Version);
        Assert.Equal(expected.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("name").GetString()).Order(), graph.Nodes.Select(n => n.Name).Order());
        foreach (var node in expected.GetProperty("nodes").EnumerateArray()) CheckNode(node, graph.Find(node.GetProperty("name").GetString()!)!);
        Assert.Equal(
            expected.GetProperty("edges").EnumerateArray().Select(e => $"{e[0].GetString()} -> {e[1].GetString()}"),
            graph.Edges.Select(e => $"{e.From} -> {e.To}").Order(StringComparer.Ordinal));
        // The one oddity among them: its output states three axes where the neuron has one.
        if (name == "lif_rockpool.nir") Assert.Contains("the counts agree", Assert.Single(warnings), StringComparison.Ordinal);
        else Assert.Empty(warnings);
    }

    [SkippableTheory]
    [InlineData("braille_noDelay_bias_zero_subgraph.nir", 40392)]
    [InlineData("braille_noDelay_noBias_subtract_subgraph.nir", 40200)]
    public void Read_EdgeToMissingNodeInSubgraph_NamesPathAndNode(string name, int bytes)
    {
        string path = SharedData.Require("nir/" + name);
        var expected = Oracle(name);
        byte[] content = File.ReadAllBytes(path);
        Assert.Equal(bytes, content.Length);
        Assert.Equal(expected.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(content)));
        var error = Assert.Throws<ModelFileException>(() => NirFile.Read(path));
        Assert.Equal(path, error.File);
        Assert.StartsWith("/node/nodes/lif1/edges[", error.Place, StringComparison.Ordinal);
        Assert.Contains("names the node 'lif', which this graph does not have", error.Message, StringComparison.Ordinal);
        Assert.Contains("'lif1'", error.Message, StringComparison.Ordinal);

        // All that is there can be read; only the edges are wrong.
        var graph = new NirFileReader(Hdf5File.Open(path), []).Read();
        foreach (var node in expected.GetProperty("nodes").EnumerateArray())
        {
            NirNode? found = null;
            foreach (string part in node.GetProperty("name").GetString()!.Split('/')) found = (found is null ? graph : found.Graph!).Find(part);
            CheckNode(node, found!);
        }
    }

    [SkippableTheory]
    [InlineData("lif_v108.nir", "lif_norse.nir")]
    [InlineData("cnn_v108.nir", "cnn_sinabs.nir")]
    public void Read_RewrittenFile_EqualsOriginal(string derived, string original)
    {
        var graph = NirFile.Read(SharedData.Require("nir/" + original));
        Assert.Equal(graph, NirFile.Read(SharedData.Require("nir/derived/" + derived)));
    }

    [SkippableFact]
    public void Read_CompressedFile_EqualsOriginalButForResetOfZeros()
    {
        var graph = NirFile.Read(SharedData.Require("nir/braille_noDelay_bias_zero.nir"));
        var derived = NirFile.Read(SharedData.Require("nir/derived/braille_gzip.nir"));
        var nodes = derived.Nodes.Select(node =>
        {
            if (node.Array("v_reset") is not { } reset) return node;
            Assert.Equal(NirNodeType.CubaLIF, node.Type);
            Assert.All(reset.ToDouble(), v => Assert.Equal(0, v));
            return new NirNode(node.Name, node.Type, new NirGroup(node.Parameters.Values.Where(p => p.Key != "v_reset").ToDictionary()), node.Metadata);
        }).ToArray();
        Assert.Equal(graph, new NirGraph(nodes, derived.Edges, derived.Metadata));
        Assert.NotEqual(graph, derived);
    }

    [SkippableFact]
    public void Hdf5_SixtyLinksInAFractalHeap_AllFound()
    {
        var file = Hdf5File.Open(SharedData.Require("nir/derived/many-links-v108.h5"));
        var group = (Hdf5Group)file.Root.Find("nodes")!;
        Assert.Equal(60, group.Names.Count);
        for (int i = 0; i < 60; i++) Assert.Equal([i], ((Hdf5Dataset)group.Find($"layer{i}.lif")!).Elements().ToSingle());
    }

    [SkippableFact]
    public void Write_PublishedFiles_ReadBackEqual()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "lif_norse.nir", "two_lif_neurons.nir", "cnn_sinabs.nir", "braille_noDelay_bias_zero.nir", "derived/braille_gzip.nir" })
        {
            var graph = NirFile.Read(SharedData.Require("nir/" + name));
            string path = folder.File("copy.nir");
            NirFile.Write(path, graph);
            var copy = NirFile.Read(path);
            Assert.Equal(graph, copy);
            Assert.Equal(graph.Version, copy.Version);
        }
        Assert.Single(Directory.GetFiles(folder.Path)); // nothing is left beside it
    }

    private static void CheckNode(JsonElement expected, NirNode node)
    {
        Assert.Equal(expected.GetProperty("type").GetString(), node.Type.ToString());
        var parameters = expected.GetProperty("params");
        Assert.Equal(parameters.EnumerateObject().Select(p => p.Name).Order(), node.Parameters.Values.Keys.Order());
        foreach (var parameter in parameters.EnumerateObject())
        {
            var array = node.Required(parameter.Name);
            var oracle = parameter.Value;
            Assert.Equal(oracle.GetProperty("dtype").GetString(), array.Element switch { NirElement.F32 => "float32", NirElement.F64 => "float64", NirElement.I64 => "int64", _ => "uint8" });
            Assert.Equal(oracle.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32()), array.Shape.ToArray());
            double[] values = array.ToDouble();
            double sum = oracle.GetProperty("sum").GetDouble();
            // Sums of 64-bit numbers in another order: far below one part in a million.
            Assert.InRange(values.Sum(), sum - 1e-6 * Math.Abs(sum) - 1e-12, sum + 1e-6 * Math.Abs(sum) + 1e-12);
            Assert.Equal(oracle.GetProperty("first").GetDouble(), values[0]);
            if (oracle.TryGetProperty("last", out var last)) Assert.Equal(last.GetDouble(), values[^1]);
        }
    }

    private static JsonElement Oracle(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Require("nir/expected-nir.json")));
        return document.RootElement.GetProperty("files").GetProperty(name).Clone();
    }
}
