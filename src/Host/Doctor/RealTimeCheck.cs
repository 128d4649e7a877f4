using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Looks at what the system allows to threads that must be in time. Sets nothing.</summary>
internal static class RealTimeCheck
{
    // linux/capability.h
    private const int MayLockMemory = 14, MayRaisePriority = 23;
    private const long WorthLocking = 256L << 20;

    /// <summary>Looks at all of it.</summary>
    public static IEnumerable<Diagnosis> Run(DoctorContext context)
    {
        var (files, wanted) = (context.System, context.Options.RealTime);
        if (files.Text("/proc/self/limits") is null)
        {
            yield return Diagnosis.Warning("realtime", "The system is not Linux, or hides its limits; no real-time setting can be judged.", "Run on Linux for control at rates above 50 Hz.");
            yield break;
        }
        yield return Priority(files, wanted);
        yield return Memory(files, wanted);
        yield return Budget(files, wanted);
        yield return Kernel(files);
        yield return Cores(files, wanted);
    }

    private static Diagnosis Priority(SystemFiles files, RealTimeSection wanted)
    {
        const string Where = "realtime:priority";
        if (files.HasCapability(MayRaisePriority)) return Diagnosis.Ok(Where, "This user may run loop threads under SCHED_FIFO (CAP_SYS_NICE).");
        long limit = files.Limit("Max realtime priority", out _) ?? 99;
        bool isWanted = wanted.Scheduler == RealTimeScheduler.Fifo;
        int needed = isWanted ? wanted.Priority : 1;
        if (limit >= needed) return Diagnosis.Ok(Where, string.Create(CultureInfo.InvariantCulture, $"RLIMIT_RTPRIO is {limit}: loop threads may run under SCHED_FIFO."));
        string remedy = "Set LimitRTPRIO=99 in the systemd unit (deploy/), or `@robots - rtprio 99` in /etc/security/limits.d and log in again.";
        return isWanted
            ? new Diagnosis(Where, wanted.OnError == RealTimeErrorPolicy.Strict ? DiagnosisLevel.Error : DiagnosisLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"RLIMIT_RTPRIO is {limit}; RealTime:Priority wants {needed} under Fifo."), remedy)
            : Diagnosis.Warning(Where, string.Create(CultureInfo.InvariantCulture, $"RLIMIT_RTPRIO is {limit}; loop threads can only run like every other thread."), remedy);
    }

    private static Diagnosis Memory(SystemFiles files, RealTimeSection wanted)
    {
        const string Where = "realtime:memory";
        if (files.HasCapability(MayLockMemory)) return Diagnosis.Ok(Where, "This user may lock memory (CAP_IPC_LOCK).");
        if (files.Limit("Max locked memory", out bool known) is not { } limit || !known || limit >= WorthLocking) return Diagnosis.Ok(Where, "RLIMIT_MEMLOCK is large enough: memory may be locked.");
        string text = string.Create(CultureInfo.InvariantCulture, $"RLIMIT_MEMLOCK is {limit / 1024} KiB; ");
        const string Remedy = "Set LimitMEMLOCK=infinity in the systemd unit (deploy/), or `@robots - memlock unlimited` in /etc/security/limits.d.";
        return wanted.LockMemory
            ? new Diagnosis(Where, wanted.OnError == RealTimeErrorPolicy.Strict ? DiagnosisLevel.Error : DiagnosisLevel.Warning, text + "RealTime:LockMemory cannot be had with that.", Remedy)
            : Diagnosis.Ok(Where, text + "RealTime:LockMemory is not asked for.");
    }

    private static Diagnosis Budget(SystemFiles files, RealTimeSection wanted)
    {
        const string Where = "realtime:budget";
        string value = files.Text("/proc/sys/kernel/sched_rt_runtime_us") ?? "";
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long budget)) return Diagnosis.Ok(Where, "The system does not say for how long real-time threads may run.");
        if (budget == 0 && wanted.Scheduler == RealTimeScheduler.Fifo)
            return Diagnosis.Error(Where, "kernel.sched_rt_runtime_us is 0: no thread may run under SCHED_FIFO, as RealTime:Scheduler wants.", "Set it to 950000: `sudo sysctl kernel.sched_rt_runtime_us=950000`.");
        return Diagnosis.Ok(Where, budget < 0 ? "kernel.sched_rt_runtime_us is -1: real-time threads may run without limit." : string.Create(CultureInfo.InvariantCulture, $"kernel.sched_rt_runtime_us is {budget}: a real-time thread that computes longer than that in a second is suspended for the rest of it."));
    }

    private static Diagnosis Kernel(SystemFiles files)
    {
        string version = files.Text("/proc/version") ?? "";
        bool isRealTime = files.Number("/sys/kernel/realtime") == 1 || version.Contains("PREEMPT_RT", StringComparison.Ordinal);
        string kind = isRealTime ? "PREEMPT_RT" : version.Contains("PREEMPT", StringComparison.Ordinal) ? "preemptible, not PREEMPT_RT" : "not PREEMPT_RT";
        return Diagnosis.Ok("realtime:kernel", $"The kernel is {kind}.");
    }

    private static Diagnosis Cores(SystemFiles files, RealTimeSection wanted)
    {
        const string Where = "realtime:cores";
        string isolated = files.Text("/sys/devices/system/cpu/isolated") is { Length: > 0 } some ? some : "none";
        foreach (int core in wanted.Affinity)
        {
            if (core >= Environment.ProcessorCount) return Diagnosis.Error(Where, string.Create(CultureInfo.InvariantCulture, $"RealTime:Affinity names core {core}; this machine has 0 to {Environment.ProcessorCount - 1}."), "Name a core that it has.");
        }
        return wanted.Affinity.Length > 0 && isolated == "none"
            ? Diagnosis.Warning(Where, $"RealTime:Affinity names {string.Join(", ", wanted.Affinity)}, and no core is isolated: other programs run there too.", "Add isolcpus= with these cores to the kernel's command line.")
            : Diagnosis.Ok(Where, $"Isolated cores: {isolated}.");
    }
}
