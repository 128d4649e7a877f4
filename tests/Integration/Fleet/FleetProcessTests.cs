using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeAutonomy.Agents;
using Xunit.Abstractions;

namespace EdgeAutonomy.Integration;

/// <summary><c>edge fleet</c> as a user runs it: robots in processes of their own over a real mosquitto.</summary>
[Trait("Clock", "Real")]
public sealed class FleetProcessTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    [SkippableFact]
    public void Drill_FiveFaults_LosesNoTaskAndDoesNoneTwice()
    {
        var result = Run("--drill", "--robots", "5", "--tasks", "20", "--seconds", "150", "--json");
        var fleet = result.GetProperty("fleet");
        foreach (var fault in result.GetProperty("drill").EnumerateArray())
        {
            var recovery = fault.GetProperty("recoverySeconds");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{fault.GetProperty("fault").GetString()} at {fault.GetProperty("at").GetDouble():0.0} s for {fault.GetProperty("lastedSeconds").GetDouble():0.0} s: recovered after {(recovery.ValueKind == JsonValueKind.Null ? "-" : recovery.GetDouble().ToString("0.00", CultureInfo.InvariantCulture))} s"));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fleet.GetProperty("tasksDone").GetInt32()} of {fleet.GetProperty("tasks").GetInt32()} tasks in {fleet.GetProperty("makespan").GetDouble():0.0} s, smallest gap {result.GetProperty("smallestGap")} m"));
        Assert.Equal((20, 0), (fleet.GetProperty("tasksDone").GetInt32(), fleet.GetProperty("doneTwice").GetInt32()));
        Assert.Equal(0, result.GetProperty("collisions").GetInt32());
        string[] faults = [.. result.GetProperty("drill").EnumerateArray().Select(f => f.GetProperty("fault").GetString()!)];
        Assert.Equal(5, faults.Length);
        foreach (string kind in (string[])["killed at work", "frozen at work", "cut off at work"]) Assert.Single(faults, f => f.EndsWith(kind, StringComparison.Ordinal));
        Assert.Equal(2, faults.Count(f => f == "broker killed"));
        // No claim about speed: how long it takes depends on the machine; that it ends does not.
        Assert.All(result.GetProperty("drill").EnumerateArray(), f => Assert.Equal(JsonValueKind.Number, f.GetProperty("recoverySeconds").ValueKind));
    }

    [SkippableFact]
    public void Processes_FourRobots_DoAllTasks()
    {
        var result = Run("--robots", "4", "--tasks", "8", "--processes", "--seconds", "120", "--json");
        var fleet = result.GetProperty("fleet");
        Assert.True(result.GetProperty("processes").GetBoolean());
        Assert.Equal((8, 0), (fleet.GetProperty("tasksDone").GetInt32(), fleet.GetProperty("doneTwice").GetInt32()));
        Assert.Equal(0, result.GetProperty("collisions").GetInt32());
        // Several did some: the tasks are spread over the yard.
        Assert.True(fleet.GetProperty("perTask").EnumerateArray().Select(t => t.GetProperty("by").GetString()).Distinct().Count() > 1);
    }

    [SkippableTheory]
    [InlineData(EdgeProcess.Kill)]
    [InlineData(EdgeProcess.Terminate)]
    public void Fleet_ThatIsKilled_LeavesNeitherBrokerNorRobots(int signal)
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
        using var edge = new EdgeProcess("fleet", "--robots", "2", "--tasks", "40", "--processes", "--seconds", "300", "--json");
        IReadOnlyDictionary<int, string> children = new Dictionary<int, string>();
        Await(() => (children = ProcessTree.Below(edge.Id)).Values.Count(c => c.Contains("fleet-robot", StringComparison.Ordinal) && !c.StartsWith("/bin/sh", StringComparison.Ordinal)) == 2, "broker and robots run", edge);
        int broker = Assert.Single(children, c => c.Value.Contains("mosquitto -c", StringComparison.Ordinal) && !c.Value.StartsWith("/bin/sh", StringComparison.Ordinal)).Key;
        // One that is frozen can hear nothing, and must go all the same.
        int frozen = children.First(c => c.Value.Contains("--index 1", StringComparison.Ordinal) && !c.Value.StartsWith("/bin/sh", StringComparison.Ordinal)).Key;
        EdgeProcess.SignalTo(frozen, EdgeProcess.Freeze);
        Assert.True(ProcessTree.Runs(broker) && ProcessTree.Runs(frozen));
        edge.Signal(signal);
        Await(() => !children.Keys.Any(ProcessTree.Runs), "all of them are gone", edge);
        // What a killed run cannot do itself: its folder, in which the broker's configuration lay.
        string configuration = children[broker].Split("-c ")[1].Trim(), folder = Path.GetDirectoryName(Path.GetDirectoryName(configuration))!;
        Assert.StartsWith("edge-fleet-", Path.GetFileName(folder), StringComparison.Ordinal);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [SkippableFact]
    public void Broker_ThatIsNotThere_LeavesTheRobotsRunningAndSaysWhy()
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        int port = FleetBench.ClosedPort();
        using var edge = new EdgeProcess("fleet", "--robots", "2", "--tasks", "2", "--seconds", "8", "--broker", $"mqtt://127.0.0.1:{port}", "--json");
        Assert.Equal(0, edge.WaitForExit());
        var result = JsonDocument.Parse(edge.RestOfOutput()).RootElement;
        Assert.Equal(0, result.GetProperty("fleet").GetProperty("tasksDone").GetInt32());
        Assert.Equal(2, result.GetProperty("perRobot").GetArrayLength());
        foreach (var robot in result.GetProperty("perRobot").EnumerateArray())
        {
            string link = robot.GetProperty("link").GetString()!;
            Assert.True(link.StartsWith("Down: ", StringComparison.Ordinal) || link == "Connecting", link);
            Assert.Equal("Idle", robot.GetProperty("phase").GetString());
        }
        Assert.Contains(result.GetProperty("perRobot").EnumerateArray(), r => r.GetProperty("link").GetString()!.Contains(port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        // Their loops ran all the while.
        Assert.True(result.GetProperty("cycles").GetInt64() > 50);
    }

    private static void Await(Func<bool> condition, string what, EdgeProcess edge)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"not within 30 s: {what}. {edge.Errors}");
            Thread.Sleep(20);
        }
    }

    private static JsonElement Run(params string[] arguments)
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
        using var edge = new EdgeProcess(["fleet", .. arguments]);
        int code = edge.WaitForExit(Patience);
        Assert.True(code == 0, $"exit code {code}: {edge.Errors}");
        return JsonDocument.Parse(edge.RestOfOutput()).RootElement.Clone();
    }
}
