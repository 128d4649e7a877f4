using System.Text.Json;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Recordings made in a folder of their own by the parts the service is made of, and the program run on them.</summary>
internal sealed class RecordedRun : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-replay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>Records a demo; by rules, which make many cycles, unless the arguments say otherwise.</summary>
    public string Demo(string name, params string[] arguments)
    {
        var (code, _, error) = EdgeProgramTests.Run(["demo", "--headless", .. arguments.Contains("--seconds") ? (string[])[] : ["--seconds", "1"], "--record", At(name), .. arguments.Contains("--policy") ? (string[])[] : ["--policy", "rules"], .. arguments]);
        Assert.True(code == 0, error);
        return At(name);
    }

    /// <summary>Records the loop of a configuration; on a simulated clock so many cycles, on the real one for as long.</summary>
    public string Configured(string name, string json, int cycles, int keyframeCycles = 100)
    {
        var result = ValidConfiguration.Parse(json);
        Assert.True(result.IsValid, string.Join('\n', result.Findings));
        var options = result.Options;
        bool real = options.Clock.Mode == ClockMode.Real;
        var built = LoopFactory.Build(options, new LaneOptions { KeyframeCycles = keyframeCycles, OnFull = RecordFullPolicy.DropAndMark, Clock = real ? RecordedClock.Real : RecordedClock.Sim }).Single();
        var scenario = LoopFactory.Scenario((SimulatedRoverSense)options.Loops.Values.Single().Sense!, options.Robot.Seed, 1);
        var faults = new List<RecordingFault>();
        using (RunRecorder.Start([built.Lane!], (new RecordingOptions { Path = At(name) }, RunRecorder.Describe("run", options, scenario)), 0, [], faults.Add))
        {
            if (real)
            {
                using var enough = new ManualResetEventSlim();
                using var thread = new LoopThread(built.Loop, built.Clock, ended: _ => enough.Set());
                thread.Start();
                // Bounded by the cycles, not by a time: the loop's own clock makes them.
                while (built.Loop.CompletedCycles < cycles && thread.IsAlive) Thread.Yield();
                Assert.True(thread.Stop(Duration.FromMilliseconds(10_000)));
                Assert.Null(thread.Error);
            }
            else
            {
                built.Loop.Start();
                for (int i = 0; i < cycles; i++) built.Loop.RunOnce();
                built.Loop.Finish();
            }
        }
        Assert.Empty(faults);
        return At(name);
    }

    public static (int Code, JsonElement Json, string Error) Run(params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run([.. arguments, "--json"]);
        Assert.True(code != 70, $"{string.Join(' ', arguments)}: {error}{output}");
        return (code, output.Length == 0 ? default : JsonDocument.Parse(output).RootElement, error + output);
    }
}
