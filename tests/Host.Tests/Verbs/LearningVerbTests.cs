using System.Text.Json;
using EdgeAutonomy.Learning;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Host.Tests;

/// <summary><c>edge train</c>, <c>edge eval</c> and <c>edge reproduce</c> as users call them.</summary>
public sealed class LearningVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-learn").FullName;

    [Theory]
    [InlineData("train digit", "'digit' is no network; there are digits, motion, delays, spikepoint, one-step, cartpole-ppo, cartpole-dqn, pendulum-sac, rover, pacer, three-body, mission, alfworld, progress. Did you mean 'digits'?")]
    [InlineData("reproduce delay", "'delay' is no experiment; there are ")]
    [InlineData("reproduce delays --seeds -1", "--seeds is -1; must be from 0 to 1000.")]
    [InlineData("eval x.nir --precision Int7", "--precision is 'Int7'; must be one of Float32, Int8.")]
    public void Run_WrongCommandLine_Is64WithOneSentence(string line, string sentence)
    {
        var (code, output, error) = EdgeProgramTests.Run(line.Split(' '));
        Assert.Equal(64, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public void Catalog_AllThatTheDocsName_IsThere()
    {
        Assert.Equal(["digits", "motion", "delays", "spikepoint", "one-step", "cartpole-ppo", "cartpole-dqn", "pendulum-sac", "rover", "pacer", "three-body", "mission", "alfworld", "progress"], Catalog.Trainings.Select(t => t.Name));
        Assert.Equal(["adaptive-period", "delays", "early-exit", "federated", "frequency", "learning-core", "motion", "one-timestep", "spa", "spikepoint", "switch-cost", "three-body", "transfer"], Catalog.Experiments.Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.All(Catalog.Trainings, t => Assert.NotEmpty(t.Summary));
        Assert.All(Catalog.Experiments, e => Assert.True(e.Summary.Length > 20 && e.Source.Length > 20, e.Name));
    }

    [Theory]
    [InlineData("train digits --data /nowhere --out {0}/d.nir", 66, "/nowhere does not exist")]
    [InlineData("train digits --data {0} --out {0}/d.nir", 74, "N-MNIST")]
    [InlineData("reproduce early-exit --data {0} --out {0}/r.json", 74, "nir/cnn_sinabs.nir")]
    [InlineData("reproduce delays --out /proc/no/r.json", 74, "cannot be written")]
    [InlineData("eval {0}/absent.nir", 66, "absent.nir does not exist")]
    public void Run_MissingOrUnwritable_IsSaidBeforeAnyWork(string line, int expected, string part)
    {
        var (code, _, error) = EdgeProgramTests.Run([.. line.Split(' ').Select(a => a.Replace("{0}", _folder, StringComparison.Ordinal))]);
        Assert.True(code == expected && error.Contains(part, StringComparison.Ordinal), $"{code}: {error}");
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("fixed:0")]
    [InlineData("fixed:1.5")]
    [InlineData("margin:nan")]
    public void Eval_WrongExit_Is64(string exit)
    {
        string model = Write(Network(2, 34, 34, 0.5f));
        var (code, _, error) = EdgeProgramTests.Run("eval", model, "--exit", exit);
        Assert.Equal(64, code);
        Assert.Contains($"--exit is '{exit}'", error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Eval_BadModels_OneClearErrorEach()
    {
        string data = Path.GetDirectoryName(Path.GetDirectoryName(SharedData.Require("events/nmnist-small"))!)!;
        byte[] whole = File.ReadAllBytes(Write(Network(2, 34, 34, 0.5f)));
        foreach (var (bytes, part) in (ReadOnlySpan<(byte[], string)>)
        [
            (whole[..(whole.Length / 2)], "cut"),
            ([], "empty"),
            ([.. "not a network"u8], "HDF5"),
            (Poisoned(whole), "NaN"),
            (File.ReadAllBytes(Write(Network(3, 34, 34, 0.5f))), "[3, 34, 34]"),
            (File.ReadAllBytes(Write(Network(2, 16, 16, 0.5f))), "16"),
        ])
        {
            string file = Path.Combine(_folder, "bad.nir");
            File.WriteAllBytes(file, bytes);
            var (code, output, error) = EdgeProgramTests.Run("eval", file, "--data", data);
            Assert.True(code == 74 && error.Contains(part, StringComparison.OrdinalIgnoreCase), $"{part}: {code}, {error}");
            Assert.StartsWith("edge: ", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            Assert.Empty(output);
        }
    }

    [SkippableFact]
    public void Eval_ShippedDigits_IsWhatTheCardSays()
    {
        string data = Path.GetDirectoryName(Path.GetDirectoryName(SharedData.Require("events/nmnist-small"))!)!;
        string model = Path.Combine(SharedData.RepositoryRoot, "models", "digits.nir"), curve = Path.Combine(_folder, "curve.svg");
        using var card = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(model, ".result.json")));
        double promised = card.RootElement.GetProperty("metric").GetProperty("value").GetDouble();
        using var whole = Json("eval", model, "--data", data, "--out", curve);
        var metric = whole.GetProperty("metric");
        Assert.Equal("accuracy", metric.GetProperty("name").GetString());
        Assert.Equal(promised, metric.GetProperty("value").GetDouble(), 9);
        Assert.True(promised >= 0.96, $"{promised}");
        Assert.Equal(100, metric.GetProperty("n").GetInt32());
        Assert.Equal(whole.GetProperty("steps").GetInt32(), whole.GetProperty("meanSteps").GetDouble());
        Assert.True(whole.GetProperty("spikesPerRecording").GetDouble() > 100);
        Assert.StartsWith("<svg", File.ReadAllText(curve), StringComparison.Ordinal);

        using var early = Json("eval", model, "--data", data, "--exit", Path.ChangeExtension(model, ".exit.json"));
        Assert.True(early.GetProperty("meanSteps").GetDouble() <= 0.7 * whole.GetProperty("steps").GetInt32(), "Dynamic Confidence saves 30 % of the steps");
        Assert.True(early.GetProperty("metric").GetProperty("value").GetDouble() >= promised - 0.0201, "at most two of a hundred are lost");
    }

    [Fact]
    public void Train_Quick_WritesTheNetworkItsCurvesAndItsResult()
    {
        string file = Path.Combine(_folder, "delays.nir");
        using var json = Json("train", "delays", "--quick", "--seed", "3", "--out", file);
        Assert.Equal(("delays", 3), (json.GetProperty("model").GetString(), json.GetProperty("seed").GetInt32()));
        string[] files = [.. json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)];
        Assert.Contains(file, files);
        Assert.All(files, f => Assert.True(new FileInfo(f).Length > 0, f));
        Assert.Contains(files, f => f.EndsWith(".svg", StringComparison.Ordinal));
        Assert.Equal(json.ToString(), File.ReadAllText(Path.ChangeExtension(file, ".result.json")).TrimEnd());
        var network = SpikingNetwork.Compile(NirFile.Read(file, out _));
        Assert.Equal(40, network.InputElements);
        Assert.True(json.GetProperty("metric").GetProperty("low").GetDouble() > 0.5, "far above the chance of one in ten");
    }

    [Fact]
    public void Train_QuickPolicy_WritesACardThatARobotLoads()
    {
        string file = Path.Combine(_folder, "pole.policy.json");
        using var json = Json("train", "cartpole-ppo", "--quick", "--seed", "2", "--out", file);
        string[] names = [.. json.GetProperty("files").EnumerateArray().Select(f => Path.GetFileName(f.GetString()!))];
        Assert.Equal(["pole.policy.json", "pole.onnx", "pole.curves.csv", "pole.events.out.tfevents.0.edge", "pole.svg", "pole.result.json"], names);
        using var policy = Policies.LearnedPolicy.Load(file, ControlRecipes.CartPoleSchema);
        Assert.Equal(("cartpole-ppo", "edge train cartpole-ppo --seed 2 --quick", 2UL), (policy.Card.Name, policy.Card.Command, policy.Card.Seed));
        Assert.Contains("n = 100", policy.Card.Result, StringComparison.Ordinal);
        Assert.True(policy.TryChoose(Runtime.Duration.Unlimited, out _));
    }

    [Fact]
    public void Train_QuickProgress_WritesWhatARobotLoadsAndTouchesNoPolicy()
    {
        string file = Path.Combine(_folder, "mission.progress.json"), policy = Path.Combine(_folder, "mission.result.json");
        File.WriteAllText(policy, "the policy's own");
        using var json = Json("train", "progress", "--quick", "--seed", "2", "--out", file);
        Assert.Equal(["mission.progress.json", "mission.progress.svg", "mission.progress.result.json"], json.GetProperty("files").EnumerateArray().Select(f => Path.GetFileName(f.GetString()!)));
        Assert.Equal("the policy's own", File.ReadAllText(policy));
        var card = Agents.ProgressFile.Read(file).Card;
        Assert.Equal(("edge train progress --seed 2 --quick", 2UL), (card.Command, card.Seed));
        Assert.Contains("rank correlation", card.Result, StringComparison.Ordinal);
        _ = Agents.ProgressEstimator.Load(file, Agents.MissionWorldContract.Shape);
    }

    [Fact]
    public void Train_PolicyIntoAFileOfAnotherKind_Is64BeforeAnyWork()
    {
        var (code, _, error) = EdgeProgramTests.Run("train", "cartpole-dqn", "--out", Path.Combine(_folder, "x.nir"));
        Assert.Equal(64, code);
        Assert.Contains("must end in .policy.json", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static JsonHolder Json(params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run([.. arguments, "--json"]);
        Assert.True(code == 0, error);
        return new JsonHolder(JsonDocument.Parse(Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries))));
    }

    // The writer refuses NaN, so it is put into the file: over the last weight.
    private static byte[] Poisoned(byte[] file)
    {
        byte[] bytes = [.. file], weight = BitConverter.GetBytes(0.5f);
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, bytes.AsSpan().LastIndexOf([.. weight, .. weight, .. weight]));
        return bytes;
    }

    private string Write(NirGraph graph)
    {
        string file = Path.Combine(_folder, "model.nir");
        NirFile.Write(file, graph);
        return file;
    }

    private static NirGraph Network(int channels, int height, int width, float weight)
    {
        int inputs = channels * height * width;
        float[] weights = [.. Enumerable.Repeat(weight, 10 * inputs)];
        NirNode Node(string name, NirNodeType type, params (string Name, NirValue Value)[] p) => new(name, type, new NirGroup(p.ToDictionary(x => x.Name, x => x.Value)));
        return new NirGraph(
            [
                Node("input", NirNodeType.Input, ("shape", NirArray.Vector(channels, height, width))),
                Node("flat", NirNodeType.Flatten, ("start_dim", NirArray.Scalar(0L)), ("end_dim", NirArray.Scalar(-1L)), ("input_type", NirArray.Vector(channels, height, width))),
                Node("fc", NirNodeType.Linear, ("weight", NirArray.Of(weights, 10, inputs))),
                Node("n", NirNodeType.IF, ("r", NirArray.Of(Enumerable.Repeat(1f, 10).ToArray(), 10)), ("v_threshold", NirArray.Of(Enumerable.Repeat(1f, 10).ToArray(), 10))),
                Node("output", NirNodeType.Output, ("shape", NirArray.Vector(10))),
            ],
            [new NirEdge("input", "flat"), new NirEdge("flat", "fc"), new NirEdge("fc", "n"), new NirEdge("n", "output")],
            new NirGroup(new Dictionary<string, NirValue> { ["edge_dt"] = NirArray.Scalar(0.02) }));
    }

    private sealed class JsonHolder(JsonDocument document) : IDisposable
    {
        public JsonElement GetProperty(string name) => document.RootElement.GetProperty(name);

        public override string ToString() => document.RootElement.GetRawText();

        public void Dispose() => document.Dispose();
    }
}
