namespace EdgeAutonomy.Runtime;

/// <summary>Gives the calling thread its real-time settings: scheduler, processors, timer slack, locked memory.</summary>
/// <remarks>Call it once, on the loop thread, before the first cycle. It may block and allocate.</remarks>
public static class RealTimeThread
{
    private const int NotPermitted = 1, NoMemory = 12, InvalidArgument = 22, MostProcessors = 1024;

    /// <summary>Applies the settings to the calling thread.</summary>
    /// <param name="options">What is wanted.</param>
    /// <returns>What could not be made and what to mind; empty when all is well.</returns>
    /// <exception cref="InvalidOperationException">A setting could not be made and the options are strict; the text lists all of them.</exception>
    public static IReadOnlyList<RealTimeFinding> Apply(RealTimeOptions options) => Apply(options, new LinuxRealTimeSystem());

    /// <summary>Applies the settings through the given calls.</summary>
    internal static IReadOnlyList<RealTimeFinding> Apply(RealTimeOptions options, IRealTimeSystem system)
    {
        ArgumentNullException.ThrowIfNull(options);
        var findings = new List<RealTimeFinding>();
        if (system.IsSupported)
        {
            SetAffinity(options, system, findings); // before the priority, so that the thread moves while it is still polite
            SetScheduler(options, system, findings);
            SetTimerSlack(system, findings);
            SetMemoryLock(options, system, findings);
        }
        else
        {
            bool asksForAny = options.Scheduler != RealTimeScheduler.Other || options.Affinity.Count > 0 || options.LockMemory;
            findings.Add(new RealTimeFinding("RealTime", asksForAny, 0, "This system is not 64-bit Linux, so no real-time setting was made.", "Run on Linux for control at rates above 50 Hz."));
        }
        if (options.OnError == RealTimeErrorPolicy.Strict && findings.Any(f => f.IsFailure))
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, findings.Where(f => f.IsFailure)));
        }
        return findings;
    }

    private static void SetScheduler(RealTimeOptions options, IRealTimeSystem system, List<RealTimeFinding> findings)
    {
        if (options.Scheduler != RealTimeScheduler.Fifo) return;
        if (options.Priority is < 1 or > 99)
        {
            findings.Add(new RealTimeFinding("RealTime:Priority", true, InvalidArgument, $"Priority is {options.Priority};", "must be in [1, 99]."));
            return;
        }
        int error = system.SetFifo(options.Priority);
        if (error != 0)
        {
            string remedy = error == NotPermitted
                ? "Grant CAP_SYS_NICE (systemd: AmbientCapabilities=CAP_SYS_NICE) or set LimitRTPRIO=99, or set RealTime:Scheduler to Other."
                : "Set RealTime:Scheduler to Other.";
            findings.Add(new RealTimeFinding("RealTime:Scheduler", true, error, $"SCHED_FIFO {options.Priority} was refused (error {error}); the loop runs as an ordinary thread.", remedy));
            return;
        }
        if (system.RealTimeBudgetMicroseconds() is >= 0 and var budget)
        {
            findings.Add(new RealTimeFinding("RealTime:Scheduler", false, 0, $"kernel.sched_rt_runtime_us is {budget}: a loop that computes longer than that per second is suspended for the rest of it.",
                "Keep the load below it, or set it to -1 on a board with a core of its own for the loop."));
        }
    }

    private static void SetAffinity(RealTimeOptions options, IRealTimeSystem system, List<RealTimeFinding> findings)
    {
        if (options.Affinity.Count == 0) return;
        Span<ulong> mask = stackalloc ulong[MostProcessors / 64];
        mask.Clear();
        foreach (int processor in options.Affinity)
        {
            if (processor < 0 || processor >= MostProcessors)
            {
                findings.Add(new RealTimeFinding("RealTime:Affinity", true, InvalidArgument, $"Processor {processor} is named;", $"must be in [0, {MostProcessors - 1}]."));
                return;
            }
            mask[processor / 64] |= 1UL << (processor % 64);
        }
        int error = system.SetAffinity(mask);
        if (error == 0) return;
        findings.Add(new RealTimeFinding("RealTime:Affinity", true, error, $"Processors [{string.Join(", ", options.Affinity)}] were refused (error {error}); this process may use {system.ProcessorCount}.",
            "Name processors that exist and that the service's CPU set allows."));
    }

    private static void SetTimerSlack(IRealTimeSystem system, List<RealTimeFinding> findings)
    {
        // An ordinary thread may be woken 50 us late so that the kernel can bundle wake-ups; real-time threads have no slack anyway.
        int error = system.SetTimerSlack(1);
        if (error == 0) return;
        findings.Add(new RealTimeFinding("RealTime", false, error, $"The timer slack could not be lowered (error {error}); wake-ups are up to 50 us later.", "Nothing to do unless a sandbox forbids prctl."));
    }

    private static void SetMemoryLock(RealTimeOptions options, IRealTimeSystem system, List<RealTimeFinding> findings)
    {
        if (!options.LockMemory) return;
        int error = system.LockMemory();
        if (error == 0) return;
        string remedy = error is NotPermitted or NoMemory
            ? "Grant CAP_IPC_LOCK or set LimitMEMLOCK=infinity, or set RealTime:LockMemory to false."
            : "Set RealTime:LockMemory to false.";
        findings.Add(new RealTimeFinding("RealTime:LockMemory", true, error, $"mlockall was refused (error {error}); pages may be swapped out.", remedy));
    }
}
