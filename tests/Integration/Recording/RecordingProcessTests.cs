using System.Diagnostics;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Integration;

public sealed class RecordingProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-process-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Demo_KilledInTheMiddle_LeavesAFileThatSaysSoAndReplaysEqual()
    {
        string file = Path.Combine(_folder, "killed.mcap");
        using (var process = new EdgeProcess("demo", "--headless", "--seconds", "86400", "--record", file))
        {
            // Some chunks on disk beside the models that stand at the start; the wait is bounded, and what is waited for is the file, not a time.
            var clock = Stopwatch.StartNew();
            while ((!File.Exists(file) || new FileInfo(file).Length < 8 << 20) && clock.Elapsed < TimeSpan.FromSeconds(60)) Thread.Yield();
            process.Signal(EdgeProcess.Kill);
            Assert.Equal(128 + EdgeProcess.Kill, process.WaitForExit());
        }
        long cycles;
        using (var recording = RecordingFile.Open(file))
        {
            Assert.False(recording.IsComplete);
            Assert.Contains(recording.Notes, n => n.Contains("truncated", StringComparison.Ordinal));
            cycles = 0;
            using var messages = recording.Read([recording.Loops[0].Name]);
            while (messages.MoveNext())
            {
                if (RecordingFile.Kind(messages.Current) == RecordKind.Cycle) cycles++;
            }
        }
        Assert.True(cycles > 100);
        using var replay = new EdgeProcess("replay", file, "--json");
        int code = replay.WaitForExit();
        string output = replay.RestOfOutput();
        Assert.True(code == 0, output + replay.Errors);
        Assert.Contains("\"equal\":true", output, StringComparison.Ordinal);
        Assert.Contains($"\"cycles\":{cycles}", output, StringComparison.Ordinal);
        Assert.Contains("truncated", output, StringComparison.Ordinal);
    }

    // One recording, four instruction sets, processes of their own: the same bits, or the replay says where not.
    [Theory]
    [InlineData(null)]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Replay_OtherInstructionSet_IsEqual(string? off)
    {
        string file = Path.Combine(_folder, "simd.mcap");
        using (var demo = new EdgeProcess("demo", "--headless", "--seconds", "3", "--robots", "2", "--seed", "11", "--record", file)) Assert.Equal(0, demo.WaitForExit());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "edge.dll"), "replay", file, "--json"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (off is not null) start.Environment[off] = "0";
        using var replay = Process.Start(start)!;
        var errors = replay.StandardError.ReadToEndAsync();
        string output = await replay.StandardOutput.ReadToEndAsync();
        await replay.WaitForExitAsync();
        Assert.True(replay.ExitCode == 0, output + await errors);
        Assert.Contains("\"equal\":true", output, StringComparison.Ordinal);
    }
}
