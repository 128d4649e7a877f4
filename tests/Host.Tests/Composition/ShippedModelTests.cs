using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Learning;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Every network in <c>models/</c>: it runs, and its card says where it comes from.</summary>
public class ShippedModelTests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "models");

    public static TheoryData<string> Names => new(Files().Select(f => f.Name));

    public static TheoryData<string> Networks => new(Files().Where(f => f.Ending == ".nir").Select(f => f.Name));

    // Policies of tasks that no robot has, such as the cart-pole, can be trained but do not ship.
    [Fact]
    public void Folder_Models_CanAllBeTrained()
    {
        var trained = Catalog.Trainings.ToDictionary(t => t.Name, t => t.Ending);
        Assert.All(Files(), f => Assert.Equal(f.Ending, trained[f.Name]));
        Assert.Equal(Catalog.Trainings.Where(t => t.Ending == ".nir").Select(t => t.Name).Concat(["alfworld", "mission", "pacer", "rover"]).Order(StringComparer.Ordinal), Files().Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    // Its training is called after what it does, its file after the missions: it belongs beside their policy.
    [Fact]
    public void Progress_ThatShips_FitsRobotMissionsAndSaysWhereItComesFrom()
    {
        var estimator = ModelFiles.TryReadProgress(MissionWorldContract.Shape);
        Assert.NotNull(estimator);
        Assert.Throws<EdgeException>(() => ModelFiles.TryReadProgress(MissionWorldContract.Shape with { Vocabulary = "other" }));
        string card = File.ReadAllText(Path.Combine(Folder, "mission.progress.md"));
        foreach (string part in (string[])["edge train progress --seed 1 --out models/mission.progress.json", "| data |", "| result |", " [", "| licence |", "limits", estimator.Attributor.Sha256])
            Assert.True(card.Contains(part, StringComparison.OrdinalIgnoreCase), $"models/mission.progress.md lacks '{part}'");
        using var result = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "mission.progress.result.json")));
        Assert.Equal(("progress", 1), (result.RootElement.GetProperty("model").GetString(), result.RootElement.GetProperty("seed").GetInt32()));
        foreach (var file in result.RootElement.GetProperty("files").EnumerateArray()) Assert.True(File.Exists(Path.Combine(SharedData.RepositoryRoot, file.GetString()!)), file.GetString());
        // It was fitted on what this very policy does.
        Assert.Contains(CandidateFile.Read(ModelFiles.Find("mission")).Hash[..12], result.RootElement.GetProperty("data").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Policies_ThatShip_FitTheDemo()
    {
        var grid = PeriodGrid.Default;
        using var rover = ModelFiles.ReadPolicy("rover", JointSchema.For(LoopFactory.PolicyOptions(1, 0.18), grid));
        using var pacer = ModelFiles.ReadPolicy("pacer", LearnedPacer.SchemaFor(grid));
        Assert.Equal((14, 6), (rover.Card.Schema.Actions.Count, pacer.Card.Schema.Values));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Card_EachModel_SaysDataCommandSeedResultLicenceAndLimits(string name)
    {
        string card = File.ReadAllText(Path.Combine(Folder, name + ".md"));
        foreach (string part in (string[])[$"edge train {name} --seed 1 --out models/{name}{Files().Single(f => f.Name == name).Ending}", "| data |", "| result |", " [", "| licence |", "limits"])
            Assert.True(card.Contains(part, StringComparison.OrdinalIgnoreCase), $"models/{name}.md lacks '{part}'");
        using var result = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name + ".result.json")));
        Assert.Equal((name, 1), (result.RootElement.GetProperty("model").GetString(), result.RootElement.GetProperty("seed").GetInt32()));
        foreach (var file in result.RootElement.GetProperty("files").EnumerateArray()) Assert.True(File.Exists(Path.Combine(SharedData.RepositoryRoot, file.GetString()!)), file.GetString());
    }

    [Theory]
    [MemberData(nameof(Networks))]
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

    private static IEnumerable<(string Name, string Ending)> Files() =>
        from ending in (string[])[".nir", PolicyFile.Ending, CandidateFile.Ending]
        from file in Directory.GetFiles(Folder, "*" + ending)
        select (Path.GetFileName(file)[..^ending.Length], ending);
}
