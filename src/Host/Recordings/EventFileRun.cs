using System.Diagnostics;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Runs a perception loop over an event file on a simulated clock: the same percepts at any speed of the machine.</summary>
internal static class EventFileRun
{
    // More than a second of the busiest sensor sends in a millisecond; what does not fit is counted.
    private const int PacketCapacity = 1 << 20;

    private const int WarmUpCycles = 64; // cycles before bytes are counted: the first calls allocate once for the JIT

    /// <summary>Runs the file to its end.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="choice">What the user said about it.</param>
    /// <param name="period">The period of the loop.</param>
    /// <param name="progress">Told how many events were perceived.</param>
    /// <param name="stop">Ends the run early.</param>
    public static EventFileResult Run(string file, EventFileOptions choice, Duration period, ProgressLine progress, CancellationToken stop)
    {
        var info = EventFile.Inspect(file, choice);
        using var sensor = new EventFileSensor(file, new EventFileSensorOptions { Pace = PlaybackPace.AsFastAsPossible, File = choice });
        var perceiver = EventPerceiver.ForSensor(info.Width, info.Height);
        var tally = new PerceptionTally();
        var options = new LoopOptions { Name = "perception", Grid = new PeriodGrid(period, 1), StartIndex = 0, MeasuredDecisions = false };
        var loop = new ControlLoop<EventPacket, Percept, Twist2>(options, new LoopStages<EventPacket, Percept, Twist2>
        {
            Sensor = sensor,
            Perceive = PerceiverChain<EventPacket, Percept>.Of(perceiver),
            Policy = new NoPolicy(),
            Actuator = new NoActuator(),
            Rules = new TwistRules(),
            Pacer = new FixedPacer(0),
            Sample = new EventPacket(PacketCapacity),
            Percept = perceiver.CreatePercept(),
            Sinks = [tally],
        }, new SimClock());
        loop.Start();
        // The sensor's counters are gone once it is closed, so they are read before Finish.
        long start = Stopwatch.GetTimestamp(), allocated = 0;
        while (!sensor.EndOfStream && !stop.IsCancellationRequested)
        {
            if (loop.CompletedCycles == WarmUpCycles) allocated = GC.GetAllocatedBytesForCurrentThread();
            loop.RunOnce();
            if ((loop.CompletedCycles & 0xFF) == 0) progress.Report(tally.Events.Events, 0);
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long measured = loop.CompletedCycles - WarmUpCycles;
        allocated = measured > 0 ? GC.GetAllocatedBytesForCurrentThread() - allocated : 0;
        var counters = sensor.Decoder!.Counters;
        long dropped = counters.EventsDropped + sensor.DroppedEvents;
        loop.Finish();
        return EventFileResults.Of(info, tally.Events, counters, dropped, seconds) with
        {
            Cycles = loop.CompletedCycles,
            Boxes = tally.Boxes,
            Sectors = tally.Sectors,
            Speedup = seconds > 0 ? (tally.Events.TLastUs - tally.Events.TFirstUs) * 1e-6 / seconds : 0,
            LatencyUs = LatencyUs.Of(loop.Statistics.EndToEnd),
            AllocatedBytesPerCycle = measured > 0 ? (double)allocated / measured : 0,
            StateHash = JsonOutput.Hash(loop.Cycle.StateHash),
        };
    }
}
