using System.Text.Json;
using EdgeAutonomy.Learning;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Every network in <c>models/</c>: it runs, and its card says where it comes from.</summary>
public class ShippedModelTests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "models");

    public static TheoryData<string> Names => new(Catalog.Trainings.Select(t => t.Name));

    [Fact]
    public void Folder_Models_AreThoseThatCanBeTrained() =>
        Assert.Equal(Catalog.Trainings.Select(t => t.Name).Order(StringComparer.Ordinal), Directory.GetFiles(Folder, "*.nir").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Card_EachModel_SaysDataCommandSeedResultLicenceAndLimits(string name)
    {
        string card = File.ReadAllText(Path.Combine(Folder, name + ".md"));
        foreach (string part in (string[])[$"edge train {name} --seed 1 --out models/{name}.nir", "| data |", "| result |", " [", "| licence |", "limits"])
            Assert.True(card.Contains(part, StringComparison.OrdinalIgnoreCase), $"models/{name}.md lacks '{part}'");
        using var result = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name + ".result.json")));
        Assert.Equal((name, 1), (result.RootElement.GetProperty("model").GetString(), result.RootElement.GetProperty("seed").GetInt32()));
        foreach (var file in result.RootElement.GetProperty("files").EnumerateArray()) Assert.True(File.Exists(Path.Combine(SharedData.RepositoryRoot, file.GetString()!)), file.GetString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Network_EachModel_RunsAndGoesThroughAFileUnchanged(string name)
    {
        string file = Path.Combine(Folder, name + ".nir");
        var graph = NirFile.Read(file, out var warnings);
        Assert.Empty(warnings);
        using var copy = new MemoryStream();
        NirFile.Write(copy, graph);
        Assert.Equal(graph, NirFile.Read(copy.ToArray(), "copy", out _));
        switch (name)
        {
            case "motion":
                Assert.Equal(700, MotionKernelFile.Read(file).Synapses.Length);
                break;
            case "spikepoint":
                Assert.Equal(10, PointNetwork.FromGraph(graph).Scores.Length);
                break;
            default:
                var network = SpikingNetwork.Compile(graph);
                Assert.Empty(network.Warnings);
                int[] all = [.. Enumerable.Range(0, network.InputElements)];
                for (int t = 0; t < 30; t++) network.Step(all);
                Assert.Equal(10, network.Outputs[0].Values.Length);
                Assert.Contains(network.Outputs[0].Values.ToArray(), v => v != 0);
                break;
        }
    }
}
