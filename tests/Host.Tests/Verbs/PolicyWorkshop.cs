using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A key pair, a policy that learned from the planner and one that learned nothing, made once for all tests of <c>edge policy</c>.</summary>
public sealed class PolicyWorkshop : IDisposable
{
    public PolicyWorkshop()
    {
        Run(0, "keygen", At("lab"));
        Run(0, "keygen", At("other"));
        var widths = new CandidateNetworkOptions { Encoder = 16, Memory = 8, First = 32, Second = 16, Value = 4 };
        var missions = new MissionWorldMissions(MissionFamily.Mixed, new MissionWorldOptions());
        var trained = new CandidateNetwork<float>(missions.Shape, widths);
        trained.Initialize(1);
        new BehaviourCloning(trained, new CloningOptions { Episodes = 120, CorrectedEpisodes = 0, Epochs = 10, LearningRate = 5e-3, Negatives = 0 }, 1).Run(missions);
        Write("trained", trained);
        var untrained = new CandidateNetwork<float>(missions.Shape, widths);
        untrained.Initialize(2);
        Write("untrained", untrained);
        // The same with another seed on its card: another bundle.
        untrained.Initialize(3);
        Write("worse", untrained);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("edge-policy").FullName;

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>Runs <c>edge policy …</c> and returns its JSON object; fails on another exit code, on text beside the object, and on traces.</summary>
    public static JsonElement Run(int code, params string[] arguments)
    {
        var (found, output, error) = EdgeProgramTests.Run(["policy", .. arguments, "--json"]);
        Assert.True(found == code, $"'{string.Join(' ', arguments)}' gave {found}, not {code}: {error}{output}");
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    /// <summary>Runs it, expects an error and returns its sentence.</summary>
    public static string Error(int code, params string[] arguments) => Run(code, arguments).GetProperty("error").GetProperty("message").GetString()!;

    /// <summary>Packs a policy and installs it, and returns its id.</summary>
    public string Install(string policy, string store, string key = "lab")
    {
        string bundle = At($"{policy}-{key}");
        if (!Directory.Exists(bundle)) Run(0, "pack", At(policy + ".mission.json"), "--key", At(key + ".key"), "--out", bundle, "--missions", "3");
        return Run(0, "install", bundle, "--store", store, "--keys", At(key + ".pub")).GetProperty("id").GetString()!;
    }

    private void Write(string name, CandidateNetwork<float> network) => new MissionPolicyModel(name, network).Write(At(name + ".mission.json"), new ModelOrigin("test", 1, "none"));
}
