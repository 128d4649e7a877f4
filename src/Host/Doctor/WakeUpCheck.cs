using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Measures how late a thread is woken on this machine, now: with the clock and the settings of a loop's thread.</summary>
internal static class WakeUpCheck
{
    private const int Wakes = 500;
    private static readonly Duration Period = Duration.FromMilliseconds(1), Longest = Duration.FromMilliseconds(4000);

    /// <summary>Measures it, half a second long; at most four where the machine is busy.</summary>
    public static IEnumerable<Diagnosis> Run(DoctorContext context)
    {
        var options = context.Options.RealTime.ToOptions() with { LockMemory = false, OnError = RealTimeErrorPolicy.Warn };
        var lateness = new LatencyHistogram();
        bool isFifo = options.Scheduler == RealTimeScheduler.Fifo;
        // A thread of its own, so that its settings end with it.
        var thread = new Thread(() => isFifo = Measure(options, context.Options.Clock.SpinAheadUs, lateness)) { IsBackground = true, Name = "edge-doctor" };
        thread.Start();
        thread.Join();
        var figures = LatencyUs.Of(lateness);
        var c = CultureInfo.InvariantCulture;
        double periodUs = context.ShortestPeriodMs * 1e3;
        string how = isFifo ? "SCHED_FIFO" : "an ordinary thread";
        string text = string.Create(c, $"Woken {lateness.Count} times, {figures.P50:0} µs late in the median, p99 {figures.P99:0} µs, at most {figures.Max:0} µs ({how}).");
        string remedy = isFifo ? "Give the loops isolated cores (RealTime:Affinity), a PREEMPT_RT kernel, and the governor performance." : "Set RealTime:Scheduler to Fifo, isolate a core for the loops, or take load off the machine.";
        string rule = string.Create(c, $"the shortest period is {context.ShortestPeriodMs:0.###} ms");
        // A quarter of the period is what a loop can lose in a hundredth of its cycles and still have time to think.
        // Without a configuration nothing is promised that could be broken.
        var found = figures.P99 >= periodUs && context.Configuration is not null ? Diagnosis.Error("realtime:wakeup", $"{text} The p99 is a whole period: {rule}.", remedy)
            : figures.P99 >= periodUs / 4 ? Diagnosis.Warning("realtime:wakeup", $"{text} The p99 is more than a quarter of a period: {rule}.", remedy)
            : Diagnosis.Ok("realtime:wakeup", text);
        yield return found with { Figure = new Figure("wake-up lateness", figures.P50, "µs", figures.P50, figures.P99, figures.Max, string.Create(c, $"{lateness.Count} wakes of 1 ms, {how}")) };
    }

    private static bool Measure(RealTimeOptions options, double spinAheadUs, LatencyHistogram lateness)
    {
        bool refused = RealTimeThread.Apply(options).Any(f => f.IsFailure && f.Setting == "RealTime:Scheduler");
        var clock = new RealClock(new Duration((long)(spinAheadUs * 1e3)));
        var start = clock.Now;
        for (int i = 0; i < Wakes && clock.Now - start < Longest; i++)
        {
            var due = clock.Now + Period;
            lateness.Record((clock.WaitUntil(due).Woke - due).Nanoseconds);
        }
        return options.Scheduler == RealTimeScheduler.Fifo && !refused;
    }
}
