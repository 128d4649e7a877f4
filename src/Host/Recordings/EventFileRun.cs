using System.Diagnostics;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Runs a perception loop over an event file on a simulated clock: the same percepts at any speed of the machine.</summary>
/// <remarks>
/// The file is played from its start until the JIT has had time to compile what matters, then once more from its start on a fresh loop, and that
/// pass is reported: a robot's service warms up in the same way before its first command. The speed of the cold pass is reported beside it.
/// </remarks>
internal static class EventFileRun
{
    // More than a second of the busiest sensor sends in a millisecond; what does not fit is counted.
    private const int PacketCapacity = 1 << 20;

    // Compiled code is replaced by optimised code some hundred milliseconds after the thirtieth call; two seconds see the end of it.
    private const double WarmUpSeconds = 2;

    /// <summary>Runs the file to its end.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="choice">What the user said about it.</param>
    /// <param name="period">The period of the loop.</param>
    /// <param name="progress">Told how many events were perceived.</param>
    /// <param name="stop">Ends the run early.</param>
    public static EventFileResult Run(string file, EventFileOptions choice, Duration period, ProgressLine progress, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        EventFileResult? cold = null;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds && !stop.IsCancellationRequested)
        {
            using var warmUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
            warmUp.CancelAfter(TimeSpan.FromSeconds(WarmUpSeconds));
            var pass = Pass(file, choice, period, progress: null, warmUp.Token);
            cold ??= pass;
            if (pass.Events == 0) break; // nothing to warm up with
        }
        return Pass(file, choice, period, progress, stop) with { ColdSpeedup = cold?.Speedup };
    }

    private static EventFileResult Pass(string file, EventFileOptions choice, Duration period, ProgressLine? progress, CancellationToken stop)
    {
        var info = EventFile.Inspect(file, choice);
        using var sensor = new EventFileSensor(file, new EventFileSensorOptions { Pace = PlaybackPace.AsFastAsPossible, File = choice });
        var perceiver = EventPerceiver.ForSensor(info.Width, info.Height);
        var percept = perceiver.CreatePercept();
        var tally = new PerceptionTally(percept.Sectors.Length);
        var loop = Loop(sensor, perceiver, percept, period, tally);
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
        };
    }

    private static ControlLoop<EventPacket, Percept, Twist2> Loop(EventFileSensor sensor, EventPerceiver perceiver, Percept percept, Duration period, PerceptionTally tally)
    {
        var options = new LoopOptions { Name = "perception", Grid = new PeriodGrid(period, 1), StartIndex = 0, MeasuredDecisions = false };
        return new ControlLoop<EventPacket, Percept, Twist2>(options, new LoopStages<EventPacket, Percept, Twist2>
        {
            Sensor = sensor,
            Perceive = PerceiverChain<EventPacket, Percept>.Of(perceiver),
            Policy = new NoPolicy(),
            Actuator = new NoActuator(),
            Rules = new TwistRules(),
            Pacer = new FixedPacer(0),
            Sample = new EventPacket(PacketCapacity),
            Percept = percept,
            Sinks = [tally],
        }, new SimClock());
    }
}
