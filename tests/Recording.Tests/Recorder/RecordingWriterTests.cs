using System.Diagnostics;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording.Tests;

public sealed class RecordingWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-recording-").FullName;
    private readonly ManualTime _time = new();
    private readonly List<RecordingFault> _told = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_WhatWasWritten_HasRunLoopsAndCyclesInOrder()
    {
        var (writer, rigs) = Recorder(new RecordingOptions { Path = At("run.mcap") }, loops: 2);
        foreach (var rig in rigs) rig.Run(50);
        Feed(writer, rigs);
        writer.OnEnd();
        Assert.Empty(_told);
        using var file = RecordingFile.Open(At("run.mcap"));
        Assert.True(file.IsComplete);
        Assert.False(file.IsDamaged);
        Assert.Empty(file.Notes);
        Assert.Equal(("test", "robot", "7", RunInfo.FormatVersion, "2026-01-02T03:04:05.0000000Z", "x"), (file.Info["verb"], file.Info["robot"], file.Info["seed"], file.Info["format"], file.Info["start"], file.Info["extra"]));
        Assert.Equal("{}", System.Text.Encoding.UTF8.GetString(file.Configuration));
        Assert.Equal([1, 2, 3], file.Scenario!);
        Assert.Equal(["a", "b"], file.Loops.Select(l => l.Name));
        Assert.Equal(["sense", "walk", "decide", "act"], file.Loops[0].StageNames);
        foreach (string loop in (string[])["a", "b"])
        {
            Assert.Equal(50, file.CycleCount(loop));
            Assert.Equal([0UL, 20, 40], file.Keyframes(loop).Select(k => k.NextCycle));
            Assert.Null(Replay(file, loop, out int cycles));
            Assert.Equal(50, cycles);
        }
    }

    [Fact]
    public void Rotate_BySize_EveryFileReplaysAlone()
    {
        var (writer, rigs) = Recorder(new RecordingOptions { Path = At("run.mcap"), RotateMiB = 0.05, ChunkKiB = 16 }, loops: 2);
        for (int i = 0; i < 80; i++)
        {
            foreach (var rig in rigs) rig.Run(5);
            Feed(writer, rigs);
            _time.Advance(1.1);
            writer.OnPause();
        }
        writer.OnEnd();
        var totals = writer.Totals;
        Assert.InRange(totals.Files, 3, 20);
        Assert.Equal((0, 0), (totals.Dropped, totals.Gaps));
        ulong next = 0;
        long messages = 0, bytes = 0;
        for (int n = 1; n <= totals.Files; n++)
        {
            string path = At(n == 1 ? "run.mcap" : $"run.{n}.mcap");
            bytes += new FileInfo(path).Length;
            using var reader = McapReader.Open(path);
            messages += (long)reader.Statistics!.Messages;
            using var file = RecordingFile.Open(path);
            Assert.True(file.IsComplete && file.Notes.Count == 0);
            foreach (string loop in (string[])["a", "b"])
            {
                Assert.NotEmpty(file.Keyframes(loop));
                Assert.Null(Replay(file, loop, out int cycles));
                Assert.True(cycles > 0);
            }
            // The loop whose keyframe began the file has every cycle in it, from that keyframe on.
            Assert.Equal(next, file.Keyframes("a")[0].NextCycle);
            next += (ulong)file.CycleCount("a")!;
        }
        Assert.Equal(400UL, next);
        Assert.Equal((messages, bytes), (totals.Messages, totals.Bytes));
    }

    [Fact]
    public void Rotate_ByTime_BeginsAtAKeyframe()
    {
        var (writer, rigs) = Recorder(new RecordingOptions { Path = At("run.mcap"), RotateMinutes = 1 });
        rigs[0].Run(5);
        Feed(writer, rigs);
        _time.Advance(59);
        writer.OnPause();
        rigs[0].Run(5);
        Feed(writer, rigs);
        Assert.Equal(1, writer.Totals.Files);
        _time.Advance(2);
        writer.OnPause();
        Assert.True(rigs[0].Lane.KeyframeRequested);
        rigs[0].Run(5);
        Feed(writer, rigs);
        writer.OnEnd();
        Assert.Equal(2, writer.Totals.Files);
        using var second = RecordingFile.Open(At("run.2.mcap"));
        Assert.Equal(11UL, second.Keyframes("a").Single().NextCycle);
        Assert.Equal(4, second.CycleCount("a"));
    }

    [Theory]
    [InlineData("rover-20260102T030405Z", "rover-20251231T235959Z.mcap")]
    [InlineData("run", "run.mcap")]
    public void MaxGiB_Exceeded_DeletesTheOldestOfTheSameRobotOnly(string name, string oldest)
    {
        string[] strangers = ["rover2-20250101T000000Z.mcap", "rover-2-20250101T000000Z.mcap", "other.mcap", "rover-notes.mcap", $"{name}.txt"];
        foreach (string stranger in strangers) Make(stranger, 100_000, age: 1000);
        if (oldest != $"{name}.mcap") Make(oldest, 100_000, age: 500);
        var (writer, rigs) = Recorder(new RecordingOptions { Path = At($"{name}.mcap"), RotateMiB = 0.02, ChunkKiB = 16, MaxGiB = 150_000.0 / (1 << 30) });
        for (int i = 0; i < 100; i++)
        {
            rigs[0].Run(5);
            Feed(writer, rigs);
            _time.Advance(1.1);
            writer.OnPause();
        }
        writer.OnEnd();
        foreach (string stranger in strangers) Assert.True(File.Exists(At(stranger)), stranger);
        Assert.False(File.Exists(At(oldest)), $"{oldest} is the oldest and still there");
        Assert.True(File.Exists(writer.Totals.Path));
        long total = Directory.GetFiles(_folder, $"{name}*.mcap").Where(f => f != writer.Totals.Path).Sum(f => new FileInfo(f).Length);
        Assert.InRange(total, 1, 150_000 + 100_000); // the newest closed one is counted at the next rotation
        Assert.NotEmpty(_told);
        Assert.All(_told, t => Assert.True(!t.Stopped && t.Text.Contains("was deleted: the recordings took more than", StringComparison.Ordinal)));
    }

    [Fact]
    public void MinFree_NotFree_StopsOnceAndGoesOnWhenThereIsRoom()
    {
        // No disk has this much; the retry needs twice as much, so it keeps failing, silently.
        var (writer, rigs) = Recorder(new RecordingOptions { Path = At("run.mcap"), MinFreeMiB = 1e12, RetrySeconds = 2 });
        rigs[0].Run(5);
        Feed(writer, rigs);
        _time.Advance(1.1);
        for (int i = 0; i < 10; i++)
        {
            writer.OnPause();
            rigs[0].Run(3);
            Feed(writer, rigs);
            writer.OnLog(new LogLine(Stamp.Zero, FoxgloveLogLevel.Info, "a", "a sentence"));
            _time.Advance(1.1);
        }
        writer.OnEnd();
        var told = Assert.Single(_told);
        Assert.True(told.Stopped);
        Assert.Matches(@"run\.mcap: \d+ MiB are free, recording needs 1000000000000; recording stopped, the robot goes on; tried again every 2 s\.$", told.Text);
        Assert.Equal((1, false, 30 + 10), (writer.Totals.Files, writer.Totals.Recording, writer.Totals.Dropped - (rigs[0].Keyframes - 1)));
        Assert.Equal(35, rigs[0].Loop.CompletedCycles);
        using var file = RecordingFile.Open(At("run.mcap"));
        Assert.True(file.IsComplete);
        Assert.Equal(5, file.CycleCount("a"));
    }

    [SkippableFact]
    public void Write_DiskFull_StopsIsToldOnceAndGoesOnInANewFile()
    {
        string disk = At("disk");
        Directory.CreateDirectory(disk);
        Skip.IfNot(Mount("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk), "no tmpfs of two MiB can be mounted here; run as root to see what a full disk does");
        try
        {
            var (writer, rigs) = Recorder(new RecordingOptions { Path = Path.Combine(disk, "run.mcap"), MinFreeMiB = 0, RetrySeconds = 3, ChunkKiB = 64 });
            for (int i = 0; i < 100 && _told.Count == 0; i++) Step(writer, rigs, 100);
            var told = Assert.Single(_told);
            Assert.True(told.Stopped);
            Assert.Contains("recording stopped, the robot goes on; tried again every 3 s.", told.Text, StringComparison.Ordinal);
            Fill(Path.Combine(disk, "filler"));
            long at = rigs[0].Loop.CompletedCycles;
            for (int i = 0; i < 20; i++) Step(writer, rigs, 10); // still full: nothing new is told, the loop goes on
            Assert.Single(_told);
            Assert.Equal(at + 200, rigs[0].Loop.CompletedCycles);
            using (var cut = RecordingFile.Open(Path.Combine(disk, "run.mcap"))) Assert.Null(Replay(cut, "a", out _));
            foreach (string path in Directory.GetFiles(disk)) File.Delete(path);
            for (int i = 0; i < 10; i++) Step(writer, rigs, 10);
            Assert.True(writer.Totals.Recording);
            Assert.Contains("recording goes on in this file.", _told[^1].Text, StringComparison.Ordinal);
            Assert.False(_told[^1].Stopped);
            writer.OnEnd();
            using var file = RecordingFile.Open(writer.Totals.Path);
            Assert.True(file.IsComplete);
            Assert.Null(Replay(file, "a", out int cycles));
            Assert.True(cycles > 0);
        }
        finally
        {
            Mount("umount", disk);
        }
    }

    [Fact]
    public void FlushSeconds_Passed_PutsTheChunkOnDisk()
    {
        var (writer, rigs) = Recorder(new RecordingOptions { Path = At("run.mcap"), FlushSeconds = 2 });
        rigs[0].Run(5);
        Feed(writer, rigs);
        long before = new FileInfo(At("run.mcap")).Length;
        _time.Advance(1.9);
        writer.OnPause();
        Assert.Equal(before, new FileInfo(At("run.mcap")).Length);
        _time.Advance(0.2);
        writer.OnPause();
        Assert.True(new FileInfo(At("run.mcap")).Length > before);
        // What is there is readable while the file is still being written.
        File.Copy(At("run.mcap"), At("copy.mcap"));
        using (var copy = RecordingFile.Open(At("copy.mcap")))
        {
            Assert.False(copy.IsComplete);
            Assert.Null(Replay(copy, "a", out int cycles));
            Assert.Equal(5, cycles);
        }
        writer.OnEnd();
    }

    [Fact]
    public void Gap_IsWrittenCountedAndStandsInTheEndRecord()
    {
        var (writer, rigs) = Recorder(new RecordingOptions { Path = At("run.mcap") }, ringBytes: 1 << 14);
        rigs[0].Run(5);
        Feed(writer, rigs);
        while (rigs[0].Lane.Ring.Dropped == 0) rigs[0].Run(1);
        rigs[0].Run(5);
        Feed(writer, rigs);
        rigs[0].Run(5);
        Feed(writer, rigs);
        writer.OnEnd();
        Assert.Equal((1, rigs[0].Lane.Ring.Dropped), (writer.Totals.Gaps, writer.Totals.Dropped));
        using var reader = McapReader.Open(At("run.mcap"));
        var end = reader.Metadata.Single(m => m.Name == RunInfo.EndMetadataName).Values;
        Assert.Equal(("1", "end of the run"), (end["gaps"], end["reason"]));
        Assert.Equal(writer.Totals.Dropped.ToString(System.Globalization.CultureInfo.InvariantCulture), end["dropped"]);
    }

    [Fact]
    public void Pump_ConsumerThrows_IsLeftOutAndTheOthersGoOn()
    {
        var rig = new RecordedRig("a", 1 << 20, 20);
        rig.Run(50);
        var counter = new Counter();
        var failed = new List<string>();
        using (new RecordPump([rig.Lane], [new Broken(), counter], (c, e) => failed.Add(e.Message)))
        {
        }
        Assert.Equal(["broken consumer"], failed);
        Assert.Equal((53, 1), (counter.Records, counter.Ends));
        Assert.False(rig.Lane.IsOpen);
        rig.Run(5);
        Assert.Equal(5, rig.Lane.Ring.Dropped);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void Make(string name, int bytes, int age)
    {
        File.WriteAllBytes(At(name), new byte[bytes]);
        File.SetLastWriteTimeUtc(At(name), DateTime.UnixEpoch.AddYears(50).AddDays(-age));
    }

    private void Step(RecordingWriter writer, RecordedRig[] rigs, int cycles)
    {
        rigs[0].Run(cycles);
        Feed(writer, rigs);
        _time.Advance(1.1);
        writer.OnPause();
    }

    private (RecordingWriter, RecordedRig[]) Recorder(RecordingOptions options, int loops = 1, int ringBytes = 1 << 20)
    {
        RecordedRig[] rigs = [.. Enumerable.Range(0, loops).Select(i => new RecordedRig(((char)('a' + i)).ToString(), ringBytes, 20))];
        var info = new RunInfo
        {
            Verb = "test", Robot = "robot", Seed = 7, Configuration = "{}"u8.ToArray(), ConfigurationHash = "0", Scenario = [1, 2, 3], Details = new Dictionary<string, string> { ["extra"] = "x" },
        };
        return (new RecordingWriter(options, info, [.. rigs.Select(r => r.Lane)], viewHz: 0, _time, _told.Add), rigs);
    }

    private static void Feed(RecordingWriter writer, RecordedRig[] rigs)
    {
        foreach (var rig in rigs)
        {
            while (rig.Lane.Ring.TryPeek(out int kind, out var bytes))
            {
                writer.OnRecord(rig.Lane, (RecordKind)kind, bytes);
                if ((RecordKind)kind == RecordKind.Keyframe) rig.Keyframes++;
                rig.Lane.Ring.Advance();
            }
        }
    }

    private static CycleDifference? Replay(RecordingFile file, string loop, out int cycles) => RecordedRig.Replay(file, loop, out cycles);

    private static void Fill(string path)
    {
        using var filler = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full, as it should be.
        }
    }

    private static bool Mount(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class Broken : IRecordConsumer
    {
        public void OnRecord(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record) => throw new InvalidOperationException("broken consumer");

        public void OnLog(in LogLine line) { }

        public void OnPause() { }

        public void OnEnd() { }
    }

    private sealed class Counter : IRecordConsumer
    {
        public int Records { get; private set; }

        public int Ends { get; private set; }

        public void OnRecord(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record) => Records++;

        public void OnLog(in LogLine line) { }

        public void OnPause() { }

        public void OnEnd() => Ends++;
    }
}
