using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

public class ExitFileTests
{
    [Fact]
    public void SaveThenLoad_EveryPolicy_GivesTheSame()
    {
        using var folder = new TemporaryFolder();
        var random = new RandomStream(3);
        IExitPolicy[] policies = [new FixedExit(int.MaxValue), new MarginExit(Math.PI), new ConfidenceExit(random.NextDouble(), random.NextDouble()), new ConformalExit(0.95, 1 / 3.0, 10, [1, 20, 300], [0, 0.1 + 0.2, 1], 3)];
        foreach (var policy in policies)
        {
            string path = folder.File("exit.json");
            ExitFile.Save(path, policy);
            var loaded = ExitFile.Load(path);
            Assert.Equal(policy.GetType(), loaded.GetType());
            Assert.Equal(ExitFile.ToBytes(policy), ExitFile.ToBytes(loaded));
        }
        var conformal = (ConformalExit)ExitFile.Load(folder.File("exit.json"));
        Assert.Equal([1, 20, 300], conformal.Checkpoints);
        Assert.Equal([0, 0.1 + 0.2, 1], conformal.Quantiles);
        Assert.Equal((0.95, 1 / 3.0, 10, 3), (conformal.Coverage, conformal.Temperature, conformal.Classes, conformal.MaxSetSize));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "must be a JSON object")]
    [InlineData("[]", "")]
    [InlineData("{} x", "")]
    [InlineData("{}", "$.format: is missing, must be 'edge-exit'")]
    [InlineData("""{"format":"other"}""", "$.format: is 'other', must be 'edge-exit'")]
    [InlineData("""{"format":"edge-exit"}""", "$.version: is missing, must be 1")]
    [InlineData("""{"format":"edge-exit","version":2}""", "$.version: is 2, must be 1")]
    [InlineData("""{"format":"edge-exit","version":1}""", "$.kind: is missing, must be 'fixed'")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"magic"}""", "$.kind: is 'magic'")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"fixed"}""", "$.steps: is missing; the kind 'fixed' needs it")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"fixed","steps":0}""", "$.steps: FixedExit:steps is 0; must be 1 or more")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"fixed","steps":1.5}""", "$.steps")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"fixed","steps":3,"margin":1}""", "$.margin: does not belong to the kind 'fixed'")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"fixed","steps":3,"colour":1}""", "colour")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"fixed","steps":3,"steps":4}""", "steps")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"margin","margin":-1}""", "$.margin: MarginExit:margin is -1; must be above 0")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"margin","margin":1e999}""", "$.margin")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"confidence","temperature":1,"threshold":1.01}""", "$.threshold: ConfidenceExit:threshold is 1.01; must be in (0, 1]")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"confidence","temperature":"1","threshold":1}""", "$.temperature")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"conformal","coverage":0.9,"temperature":1,"classes":3,"maxSetSize":1,"checkpoints":[1,1],"quantiles":[0,1]}""", "$.checkpoints: ConformalExit: checkpoint 1 is 1; checkpoints must ascend")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"conformal","coverage":0.9,"temperature":1,"classes":3,"maxSetSize":1,"checkpoints":[1,2],"quantiles":[0]}""", "$.quantiles: ConformalExit: 2 checkpoints and 1 quantiles")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"conformal","coverage":0.9,"temperature":1,"classes":3,"maxSetSize":1,"checkpoints":[1],"quantiles":[1.5]}""", "$.quantiles: ConformalExit: quantile 0 is 1.5")]
    [InlineData("""{"format":"edge-exit","version":1,"kind":"conformal","coverage":0.9,"temperature":1,"classes":999,"maxSetSize":1,"checkpoints":[1],"quantiles":[1]}""", "$.classes: ConformalExit:classes is 999; must be in [2, 128]")]
    public void Parse_BadFile_GivesOneClearError(string text, string expected)
    {
        var error = Assert.Throws<ModelFileException>(() => ExitFile.Parse(Encoding.UTF8.GetBytes(text), "exit.json"));
        Assert.StartsWith("exit.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DamagedFile_ThrowsOneExceptionOrLoads()
    {
        var random = new RandomStream(4);
        byte[] whole = ExitFile.ToBytes(new ConformalExit(0.95, 2, 10, [1, 20, 300], [0.5, 0.25, 1], 3));
        for (int run = 0; run < 3000; run++)
        {
            byte[] damaged = run < whole.Length ? whole[..run] : (byte[])whole.Clone();
            if (run >= whole.Length) damaged[random.NextInt32(damaged.Length)] = (byte)random.NextUInt64();
            try
            {
                ExitFile.Parse(damaged, "fuzz");
                Assert.True(run >= whole.Length - 1);
            }
            catch (ModelFileException)
            {
                // the one documented exception
            }
        }
    }

    [Fact]
    public void Load_NoFile_SaysSo() =>
        Assert.Contains("cannot be read", Assert.Throws<ModelFileException>(() => ExitFile.Load("/no/such/exit.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Save_OtherPolicy_IsRefused() => Assert.Throws<ArgumentException>(() => ExitFile.ToBytes(new Never()));

    private sealed class Never : IExitPolicy
    {
        public ExitDecision Decide(int steps, int maxSteps, ReadOnlySpan<float> readout) => default;
    }
}
