namespace EdgeAutonomy.Integration;

/// <summary>A training in a process of its own, ended by the user and taken up again.</summary>
public sealed class TrainingProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-train").FullName;

    [Fact]
    public void Train_Interrupted_Is130AndGoesOnToTheSameNetwork()
    {
        string straight = Path.Combine(_folder, "straight.nir"), resumed = Path.Combine(_folder, "resumed.nir"), checkpoint = Path.Combine(_folder, "delays.checkpoint");
        using (var whole = new EdgeProcess("train", "delays", "--quick", "--seed", "5", "--out", straight)) Assert.Equal(0, whole.WaitForExit());

        using (var first = new EdgeProcess("train", "delays", "--quick", "--seed", "5", "--out", resumed, "--checkpoint", checkpoint))
        {
            var until = DateTime.UtcNow.AddSeconds(60);
            while (Directory.GetFiles(_folder, "delays.checkpoint*").Length == 0 && DateTime.UtcNow < until) Thread.Sleep(20);
            first.Signal(EdgeProcess.Interrupt);
            Assert.Equal(130, first.WaitForExit());
            Assert.Contains("delays was ended early; no result was written.", first.Errors, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(resumed));
        using (var second = new EdgeProcess("train", "delays", "--quick", "--seed", "5", "--out", resumed, "--checkpoint", checkpoint)) Assert.Equal(0, second.WaitForExit());
        Assert.Equal(File.ReadAllBytes(straight), File.ReadAllBytes(resumed));
    }

    public void Dispose() => Directory.Delete(_folder, true);
}
