using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A real loop in the built-in world on a simulated clock, turned by the test.</summary>
internal sealed class RunningLoop : IDisposable
{
    public RunningLoop(string name = "avoid")
    {
        string json = ValidConfiguration.Set(("Clock", """{ "Mode": "Sim" }"""), ("Loops:avoid:Act", """{ "Type": "SimulatedRover" }"""), ("Loops:avoid:WarmUpCycles", "0"))
            .Replace("\"avoid\"", $"\"{name}\"", StringComparison.Ordinal);
        var configuration = ValidConfiguration.Parse(json);
        Assert.True(configuration.IsValid, string.Join(" ", configuration.Findings.Select(f => f.Message)));
        Loop = LoopFactory.Build(configuration.Options)[0].Loop;
        Loop.Start();
    }

    public IControlLoop Loop { get; }

    public void Turn(int cycles)
    {
        for (int i = 0; i < cycles; i++) Loop.RunOnce();
    }

    public void Dispose() => Loop.Finish();
}
