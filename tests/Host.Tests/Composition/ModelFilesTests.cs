using EdgeAutonomy.Perception;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host.Tests;

public sealed class ModelFilesTests : IDisposable
{
    private readonly RecordedRun _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Find_NameThatShips_LiesBesideTheProgramAndIsAMotionKernel()
    {
        Assert.Contains("motion", ModelFiles.Names);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "models", "motion.nir"), ModelFiles.Find("motion"));
        var kernel = ModelFiles.ReadMotion("motion");
        Assert.Equal(MotionKernelFile.Shipped.Synapses.ToArray(), kernel.Synapses.ToArray());
        Assert.Equal(ModelFiles.Hash("motion"), ModelFiles.Hash(ModelFiles.Find("motion")));
    }

    [Fact]
    public void Find_Path_IsThatFileAndRelativeToTheFolder()
    {
        string file = Other("own.nir", 1);
        Assert.Equal(file, ModelFiles.Find(file));
        Assert.Equal(file, ModelFiles.TryFind("own.nir", Path.GetDirectoryName(file)));
        Assert.NotEqual(ModelFiles.Hash("motion"), ModelFiles.Hash(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-such")]
    [InlineData("../models")]
    [InlineData("a\0b")]
    public void TryFind_NoFile_IsNull(string model) => Assert.Null(ModelFiles.TryFind(model));

    [Fact]
    public void Demo_Perception_SelectsAndSpikingIsTheDefault()
    {
        string standard = Hash(), spiking = Hash("--perception", "spiking"), dotie = Hash("--perception", "dotie"), named = Hash("--model", "motion"), other = Hash("--model", Other("own.nir", 1));
        Assert.Equal(standard, spiking);
        Assert.Equal(standard, named);
        Assert.Equal(4, new HashSet<string> { standard, dotie, other, "" }.Count);
        Assert.Equal(dotie, Hash("--perception", "dotie", "--model", Other("own.nir", 1)));

        static string Hash(params string[] more)
        {
            var (code, json, error) = RecordedRun.Run(["demo", "--headless", "--seconds", "2", "--seed", "5", .. more]);
            Assert.True(code == 0, error);
            Assert.Equal(0, json.GetProperty("collisions").GetInt32());
            return json.GetProperty("stateHash").GetString()!;
        }
    }

    [Theory]
    [InlineData(64, "--perception is 'spikin'; must be spiking or dotie. Did you mean 'spiking'?", "--perception", "spikin")]
    [InlineData(66, "There is no model 'motoin'; the models that ship are ", "--model", "motoin")]
    [InlineData(66, "Did you mean 'motion'?", "--model", "motoin")]
    [InlineData(74, "there is no Conv2d node 'motion'; this is no motion kernel.", "--model", "digits")]
    public void Demo_WrongPerceptionOrModel_IsOneSentence(int expected, string text, params string[] arguments)
    {
        foreach (string verb in (string[])["demo", "sim"])
        {
            var (code, _, error) = EdgeProgramTests.Run([verb, "--seconds", "1", .. verb == "demo" ? ["--headless"] : Array.Empty<string>(), .. arguments]);
            Assert.Equal(expected, code);
            Assert.Contains(text, error, StringComparison.Ordinal);
            Assert.DoesNotContain("Bug in", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Demo_DamagedModel_SaysWhatAndWhere()
    {
        string file = Other("damaged.nir", 1);
        byte[] bytes = File.ReadAllBytes(file);
        foreach (int keep in (int[])[0, 7, bytes.Length / 2])
        {
            File.WriteAllBytes(file, bytes[..keep]);
            var (code, _, error) = EdgeProgramTests.Run("demo", "--headless", "--seconds", "1", "--model", file);
            Assert.Equal(74, code);
            Assert.Contains(file, error, StringComparison.Ordinal);
            Assert.DoesNotContain("Bug in", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_Model_MissingDamagedAndOfAnotherKindAreFindings()
    {
        string damaged = _runs.At("damaged.nir");
        File.WriteAllText(damaged, "no network");
        foreach (var (model, expected) in ((string, string)[])[
            ("motoin", "Loops:avoid:Perceive:Model is 'motoin'; must be the name of a model that ships ("),
            (damaged, $"Loops:avoid:Perceive:Model is '{damaged}': "),
            ("digits", "this is no motion kernel.")])
        {
            var finding = Assert.Single(ValidConfiguration.With("Loops:avoid:Perceive:Model", $"\"{model}\""));
            Assert.Equal((Severity.Error, "Loops:avoid:Perceive:Model"), (finding.Severity, finding.Where));
            Assert.Contains(expected, finding.Message, StringComparison.Ordinal);
            Assert.NotEmpty(finding.Remedy);
        }
        Assert.Empty(ValidConfiguration.With("Loops:avoid:Perceive:Model", "\"motion\""));
        Assert.Empty(ValidConfiguration.With("Loops:avoid:Perceive:Perception", "\"dotie\""));
        Assert.StartsWith("Loops:avoid:Perceive:Perception is 'Hybrid'; must be one of Spiking, Dotie.", Assert.Single(ValidConfiguration.With("Loops:avoid:Perceive:Perception", "\"Hybrid\"")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Spiking")]
    [InlineData("Dotie")]
    public void Replay_EitherPerceptionFromEveryKeyframe_IsEqual(string perception)
    {
        string json = ValidConfiguration.Set(("Clock", """{ "Mode": "Sim" }"""), ("Loops:avoid:Act", """{ "Type": "SimulatedRover" }"""), ("Loops:avoid:Sense:Ranging", "false"), ("Loops:avoid:Perceive:Perception", $"\"{perception}\""), ("Loops:avoid:WarmUpCycles", "0"), ("Loops:avoid:Period", """{ "Policy": "EventRate" }"""));
        string file = _runs.Configured("a.mcap", json, 400, keyframeCycles: 37);
        var (code, result, error) = RecordedRun.Run("replay", file, "--from", "every");
        Assert.True(code == 0, error);
        Assert.Equal(11, result.GetProperty("starts").GetInt32());
        using var recording = RecordingFile.Open(file);
        Assert.Equal(perception == "Spiking", recording.Info.ContainsKey("model:avoid"));
    }

    [Fact]
    public void Replay_ModelThatChangedSince_IsRefusedWithBothHashes()
    {
        string model = Other("own.nir", 1), file = _runs.Demo("a.mcap", "--seed", "5", "--model", model), recorded = ModelFiles.Hash(model);
        using (var recording = RecordingFile.Open(file)) Assert.Equal(recorded, recording.Info["model:rover1"]);
        Assert.Equal(0, RecordedRun.Run("replay", file).Code);
        Other("own.nir", 2);
        var (code, _, error) = EdgeProgramTests.Run("replay", file);
        Assert.Equal(74, code);
        Assert.Contains($"loop 'rover1' was recorded with the model '{model}' of hash {recorded}, the one here has {ModelFiles.Hash(model)}", error, StringComparison.Ordinal);
        // Asking what another network would have done is allowed, and says that much differs.
        (code, _, error) = RecordedRun.Run("replay", file, "--override", "Loops:*:Perceive:Model=motion");
        Assert.True(code == 0, error);
        File.Delete(model);
        (code, _, error) = EdgeProgramTests.Run("replay", file);
        Assert.Equal(78, code);
        Assert.Contains($"There is no model '{model}'", error, StringComparison.Ordinal);
    }

    // The shipped kernel with its weights scaled: another network of the same make.
    private string Other(string name, int version)
    {
        var kernel = MotionKernelFile.Shipped;
        string file = _runs.At(name);
        MotionKernelFile.Write(file, new MotionKernel(kernel.Shape, kernel.Synapses.ToArray(), kernel.Bias, kernel.Gain * (1 + 0.5f * version)));
        return file;
    }
}
