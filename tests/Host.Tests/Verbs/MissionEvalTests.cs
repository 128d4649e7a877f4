using System.Text.Json;
using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host.Tests;

/// <summary><c>edge eval</c> of mission policies.</summary>
public sealed class MissionEvalTests(PolicyWorkshop shop) : IClassFixture<PolicyWorkshop>
{
    private static readonly string Robot = ModelFiles.TryFindAgent("mission")!, Games = ModelFiles.TryFindAgent("alfworld")!;

    [Fact]
    public void Eval_ShippedPolicy_SucceedsAloneAndTwiceTheSame()
    {
        var first = Eval("mission", "--missions", "20");
        string[] keys = ["data", "figures", "files", "latencyUs", "meanSteps", "metric", "model", "safeStops", "seconds", "seed"];
        Assert.Equal(keys, first.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        var metric = first.GetProperty("metric");
        Assert.Equal(("success", 20), (metric.GetProperty("name").GetString(), metric.GetProperty("n").GetInt32()));
        Assert.True(Value(metric) >= 0.85, $"{Value(metric)}");
        Assert.Equal(4, first.GetProperty("figures").GetArrayLength());
        foreach (var figure in first.GetProperty("figures").EnumerateArray()) Assert.InRange(Value(figure), figure.GetProperty("low").GetDouble(), figure.GetProperty("high").GetDouble());
        // The steps of all missions and no more: what the mean is taken over, and no decision went without a command.
        Assert.Equal(0, first.GetProperty("safeStops").GetInt32());
        Assert.Equal(first.GetProperty("figures")[1].GetProperty("n").GetInt32(), 20 * first.GetProperty("meanSteps").GetDouble(), 1e-9);
        var latency = first.GetProperty("latencyUs");
        Assert.True(latency.GetProperty("p50").GetDouble() is > 0 and var p50 && p50 <= latency.GetProperty("max").GetDouble());

        var second = Eval(Robot, "--missions", "20");
        foreach (string key in keys.Except(["latencyUs", "seconds"])) Assert.Equal(first.GetProperty(key).GetRawText(), second.GetProperty(key).GetRawText());
    }

    [Fact]
    public void Eval_PolicyThatLearnedNothing_Fails()
    {
        var found = Eval(shop.At("untrained.mission.json"), "--missions", "40");
        Assert.True(Value(found.GetProperty("metric")) <= 0.25, $"{found.GetProperty("metric")}");
    }

    // With the planner behind it this policy came to the goal of every mission, without one decision of its own.
    [Fact]
    public void Eval_PolicyThatNeverDecides_IsNotCarriedByThePlanner()
    {
        const int missions = 10;
        string file = Mute();
        var found = Eval(file, "--missions", $"{missions}");
        Assert.Equal((0.0, 0.0), (Value(found.GetProperty("metric")), found.GetProperty("meanSteps").GetDouble()));
        Assert.Equal(3 * missions, found.GetProperty("safeStops").GetInt32());
        var grounding = found.GetProperty("figures")[1];
        Assert.Equal((0.0, 3 * missions), (Value(grounding), grounding.GetProperty("n").GetInt32()));
        var (code, output, error) = EdgeProgramTests.Run("eval", file, "--missions", "2");
        Assert.True(code == 0, error);
        Assert.Contains("; 6 decisions gave no admissible command", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_WrittenMissions_GiveTheFiguresOfTheSeedsTheyAreFrom()
    {
        string folder = shop.At("written");
        var seeds = Eval("mission", "--missions", "22", "--write", folder);
        Assert.Equal(Directory.GetFiles(folder).Order(StringComparer.Ordinal), seeds.GetProperty("files").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal(22, seeds.GetProperty("files").GetArrayLength());
        var files = Eval("mission", "--data", folder);
        foreach (string key in (string[])["metric", "figures", "meanSteps", "safeStops"]) Assert.Equal(seeds.GetProperty(key).GetRawText(), files.GetProperty(key).GetRawText());
        Assert.Contains("mission files/written, 22 missions", files.GetProperty("data").GetString(), StringComparison.Ordinal);
        Assert.Equal(5, Eval("mission", "--data", folder, "--missions", "5").GetProperty("metric").GetProperty("n").GetInt32());

        Error(64, "holds mission files already", "mission", "--write", folder);
        Error(64, "--write is for robot missions made from seeds", "mission", "--data", folder, "--write", shop.At("other"));
        Error(64, "--limit is for ALFWorld games", "mission", "--data", folder, "--limit", "50");
        Error(74, "alfworld.mission.json: ", Games, "--data", folder);
        Error(74, "--write /proc/no: ", "mission", "--missions", "2", "--write", "/proc/no");
        string broken = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Last();
        File.WriteAllText(broken, File.ReadAllText(broken).Replace("\"limit\"", "\"limits\"", StringComparison.Ordinal));
        Error(74, $"{broken}: limits is unknown", "mission", "--data", folder);
    }

    [Fact]
    public void Eval_WrongInput_IsOneSentence()
    {
        string empty = Directory.CreateDirectory(shop.At("empty")).FullName, cutGame = Directory.CreateDirectory(shop.At("games", "trial")).FullName;
        File.WriteAllText(Path.Combine(cutGame, "game.tw-pddl"), "{ \"pddl_domain\": \"(define");
        byte[] whole = File.ReadAllBytes(shop.At("untrained.mission.json"));
        File.WriteAllBytes(shop.At("cut.mission.json"), whole[..(whole.Length / 2)]);
        File.WriteAllBytes(shop.At("nothing.mission.json"), []);
        Error(66, "/nowhere/games", "mission", "--data", "/nowhere/games");
        Error(66, "absent.mission.json", shop.At("absent.mission.json"));
        Assert.StartsWith("edge: ALFWorld games: no game.tw-pddl", Error(74, empty, "mission", "--data", empty), StringComparison.Ordinal);
        Error(74, "games/trial: not a game file", "mission", "--data", shop.At("games"));
        Error(74, "alfworld.mission.json: ", Games);
        Error(74, "mission.mission.json: ", Robot, "--data", shop.At("games"));
        Error(74, "cut.mission.json: ", shop.At("cut.mission.json"));
        Error(74, "nothing.mission.json: ", shop.At("nothing.mission.json"));
    }

    [Theory]
    [InlineData("--exit fixed:3")]
    [InlineData("--precision Int8")]
    [InlineData("--step-ms 2")]
    [InlineData("--dt 1")]
    [InlineData("--reset Zero")]
    [InlineData("--binary-input")]
    [InlineData("--training-list")]
    [InlineData("--out x.svg")]
    public void Eval_OptionOfNetworksWithAMissionPolicy_Is64(string option)
    {
        string[] words = option.Split(' ');
        Error(64, $"{words[0]} is for networks; mission is a mission policy.", ["mission", .. words]);
        Error(64, words[0], [shop.At("untrained.mission.json"), .. words]);
        Assert.False(File.Exists("x.svg"));
    }

    [Theory]
    [InlineData("digits.nir --limit 50", "--limit is for mission policies")]
    [InlineData("digits.nir --missions 500", "--missions is for mission policies")]
    [InlineData("digits.nir --write x", "--write is for mission policies")]
    [InlineData("alfworld --write x", "--write is for robot missions made from seeds")]
    [InlineData("mission --limit 50", "--limit is for ALFWorld games")]
    public void Eval_OptionThatWouldChangeNothing_Is64(string line, string part) => Error(64, part, line.Split(' '));

    // Finite weights so large that no score is a number: every question goes unanswered.
    private string Mute()
    {
        var network = new CandidateNetwork<float>(MissionRecipes.Robot.Shape, new CandidateNetworkOptions { Encoder = 16, Memory = 8, First = 32, Second = 16, Value = 4 });
        foreach (var p in network.Parameters) Array.Fill(p.Value, float.MaxValue);
        new MissionPolicyModel("mute", network).Write(shop.At("mute.mission.json"), new ModelOrigin("test", 1, "none"));
        return shop.At("mute.mission.json");
    }

    private static double Value(JsonElement figure) => figure.GetProperty("value").GetDouble();

    private static JsonElement Eval(params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run(["eval", .. arguments, "--json"]);
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    private static string Error(int expected, string part, params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run(["eval", .. arguments]);
        Assert.True(code == expected && error.Contains(part, StringComparison.Ordinal), $"'{string.Join(' ', arguments)}' gave {code}: {error}");
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => l.StartsWith("edge: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(output);
        return error;
    }
}
