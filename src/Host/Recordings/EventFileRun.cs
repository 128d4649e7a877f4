using System.Diagnostics;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Runs a perception loop over an event file on a simulated clock: the same percepts at any speed of the machine.</summary>
/// <remarks>
/// The file is played from its start until the JIT has had time to compile what matters, then once more from its start on a fresh loop, and that
/// pass is reported: a robot's service warms up in the same way before its first command. The speed of the cold pass is reported beside it.
/// </remarks>
internal static class EventFileRun
{
    private const string LoopName = "perception";

    // More than a second of the busiest sensor sends in a millisecond; what does not fit is counted.
    private const int PacketCapacity = 1 << 20;

    // Compiled code is replaced by optimised code some hundred milliseconds after the thirtieth call; two seconds see the end of it.
    private const double WarmUpSeconds = 2;

    /// <summary>Runs the file to its end.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="choice">What the user said about it.</param>
    /// <param name="period">The period of the loop.</param>
    /// <param name="record">Where the reported pass is recorded; null = nowhere.</param>
    /// <param name="terminal">Where trouble with the recording is told.</param>
    /// <param name="progress">Told how many events were perceived.</param>
    /// <param name="stop">Ends the run early.</param>
    public static EventFileResult Run(string file, EventFileOptions choice, Duration period, string? record, Terminal terminal, ProgressLine progress, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        EventFileResult? cold = null;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds && !stop.IsCancellationRequested)
        {
            using var warmUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
            warmUp.CancelAfter(TimeSpan.FromSeconds(WarmUpSeconds));
            var pass = Pass(file, choice, period, record: null, terminal, progress: null, warmUp.Token);
            cold ??= pass;
            if (pass.Events == 0) break; // nothing to warm up with
        }
        return Pass(file, choice, period, record, terminal, progress, stop) with { ColdSpeedup = cold?.Speedup };
    }

    private static EventFileResult Pass(string file, EventFileOptions choice, Duration period, string? record, Terminal terminal, ProgressLine? progress, CancellationToken stop)
    {
        var info = EventFile.Inspect(file, choice);
        using var sensor = new EventFileSensor(file, new EventFileSensorOptions { Pace = PlaybackPace.AsFastAsPossible, File = choice });
        var tally = new PerceptionTally();
        var options = Configuration(file, info, period);
        var lanes = record is null ? null : RunRecorder.Lanes(options.Recording, RecordedClock.Sim, record: true);
        var built = new LoopFactory(options, new LoopWiring { EventSensor = sensor, Sinks = [tally], Lanes = lanes }).Build(LoopName);
        var loop = built.Loop;
        using var recorder = record is null ? null : RunRecorder.Start(
            [built.Lane!], (new RecordingOptions { Path = record }, RunRecorder.Describe("run", options, null)), options.Recording.ViewHz, [], fault => terminal.Say($"edge: {fault.Text}"));
        loop.Start();
        long start = Stopwatch.GetTimestamp(), allocated = GC.GetAllocatedBytesForCurrentThread();
        while (!sensor.EndOfStream && !stop.IsCancellationRequested)
        {
            loop.RunOnce();
            if (progress is not null && (loop.CompletedCycles & 0xFF) == 0) progress.Report(tally.Events.Events, 0);
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        // The sensor's counters are gone once it is closed, so they are read before Finish.
        var counters = sensor.Decoder!.Counters;
        long dropped = counters.EventsDropped + sensor.DroppedEvents;
        loop.Finish();
        recorder?.Dispose();
        return EventFileResults.Of(info, tally.Events, counters, dropped, seconds) with
        {
            Cycles = loop.CompletedCycles,
            Boxes = tally.Boxes,
            Sectors = tally.Sectors,
            Speedup = seconds > 0 ? (tally.Events.TLastUs - tally.Events.TFirstUs) * 1e-6 / seconds : 0,
            Percept = tally.Shown(),
            LatencyUs = LatencyUs.Of(loop.Statistics.EndToEnd),
            AllocatedBytesPerCycle = loop.CompletedCycles > 0 ? (double)allocated / loop.CompletedCycles : 0,
            StateHash = JsonOutput.Hash(loop.Cycle.StateHash),
            Recording = RecordingRow.Of(recorder?.Totals),
        };
    }

    private static EdgeOptions Configuration(string file, EventFileInfo info, Duration period) => new()
    {
        Robot = new RobotSection { Id = "perception" },
        Clock = new ClockSection { Mode = ClockMode.Sim },
        Loops = new Dictionary<string, LoopSection>
        {
            [LoopName] = new()
            {
                Period = new PeriodSection { MinMs = period.Milliseconds, MaxMs = period.Milliseconds },
                WarmUpCycles = 0,
                Sense = new EventFileSense { Type = "EventFile", Path = Path.GetFullPath(file), Capacity = PacketCapacity, MaxAgeMs = Math.Max(50, period.Milliseconds), MaxUnseenMs = Math.Max(500, period.Milliseconds) },
                Perceive = new EventPerceive { Type = "Events", Width = info.Width, Height = info.Height },
                Decide = new NoDecide { Type = "None" },
                Act = new NoAct { Type = "None" },
            },
        },
    };
}
