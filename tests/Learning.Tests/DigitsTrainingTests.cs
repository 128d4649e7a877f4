using EdgeAutonomy.Perception;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Learning.Tests;

public sealed class DigitsTrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-digits-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Run_SmallNetworkFewEpochs_LearnsAndIsTheSameTwice()
    {
        string data = Some(SharedData.Require("events/nmnist-small"), 200, 60);
        var options = new DigitsOptions
        {
            Data = new NmnistOptions { Steps = 5, StepUs = 63_000 }, Channels = [8, 16], FirstKernel = 3, Epochs = 4, BatchSize = 16, HeldOut = 40, CheckpointFolder = Path.Combine(_folder, "kept"),
        };
        var messages = new List<string>();
        var context = new ExperimentContext { Seeds = 1, DataFolder = data, Progress = (_, text) => messages.Add(text) };
        var run = Assert.Single(new DigitsTraining(options).Run(context));
        // Chance is 10 %: 6 of 60; by chance 15 or more come once in a thousand times.
        Assert.True(run.Test.Hits >= 15, $"{run.Test.Hits} of {run.Test.Count}");
        Assert.Equal((60, 40, 800), (run.Test.Count, run.HeldOut.Count, run.Calibration.Count));
        Assert.Equal(4, run.Epochs.Count);
        Assert.False(double.IsNaN(run.Epochs[^1].ValidationAccuracy));
        Assert.NotEmpty(messages);
        // From the checkpoint of the last epoch the same network comes at once.
        var again = Assert.Single(new DigitsTraining(options).Run(context));
        Assert.Equal(run.Graph, again.Graph);
        Assert.Equal(run.Test.Predictions, again.Test.Predictions);
        // What goes into a file comes back.
        string path = Path.Combine(_folder, "digits.nir");
        NirFile.Write(path, run.Graph);
        Assert.Equal(run.Graph, NirFile.Read(path));
    }

    // A folder with the first few recordings of both lists: all of them would take a debug build minutes.
    private string Some(string from, int train, int test)
    {
        string folder = Path.Combine(_folder, "data");
        Directory.CreateDirectory(folder);
        foreach (var (list, count) in ((string, int)[])[("train1K.txt", train), ("test100.txt", test)])
        {
            string[] lines = [.. File.ReadLines(Path.Combine(from, list)).Where(l => !l.StartsWith('#')).Take(count)];
            File.WriteAllLines(Path.Combine(folder, list), lines);
            foreach (string line in lines)
            {
                string name = line.Split('\t')[0] + ".bs2";
                File.Copy(Path.Combine(from, name), Path.Combine(folder, name));
            }
        }
        return folder;
    }

    [Fact]
    public void Run_NoData_SaysWhatIsMissing()
    {
        var e = Assert.Throws<InvalidDataException>(() => new DigitsTraining(new DigitsOptions()).Run(new ExperimentContext()));
        Assert.Contains("train1K.txt", e.Message, StringComparison.Ordinal);
    }
}
