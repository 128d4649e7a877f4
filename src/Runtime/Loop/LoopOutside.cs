namespace EdgeAutonomy.Runtime;

/// <summary>What reaches a loop beside its sensor: measured time, the inbox, and stops from other threads. On replay, all of it comes from the recording.</summary>
internal sealed class LoopOutside(LoopOptions options)
{
    private readonly IReplayFeed? _replay = options.Replay;

    public SpscRing<LoopInput> Inbox { get; } = new($"{options.Name}/inbox", 16);

    /// <summary>Opens a cycle: how many slots its wake-up left out, and its logical time.</summary>
    public MeasuredDecisions Open(ulong cycleId, Duration lateness, Duration period, ref Stamp tag)
    {
        _replay?.Next(cycleId);
        int slots = _replay?.Measured.SkippedSlots ?? SlotsMissed(lateness, period);
        tag = _replay?.Tag ?? tag + period * slots;
        return new MeasuredDecisions { SkippedSlots = slots };
    }

    /// <summary>Drains the inbox and returns how many inputs there were.</summary>
    public int Drain(LoopInput[] inputs)
    {
        int n = 0;
        if (_replay is null)
        {
            while (n < inputs.Length && Inbox.TryRead(out inputs[n])) n++;
            return n;
        }
        n = Math.Min(_replay.Inputs.Length, inputs.Length);
        _replay.Inputs[..n].CopyTo(inputs);
        return n;
    }

    /// <summary>Returns whether the watchdog wants a stop.</summary>
    public bool WatchdogStop(ref bool asked)
    {
        if (_replay is not null) asked = _replay.Measured.WatchdogStop;
        return Volatile.Read(ref asked);
    }

    /// <summary>Returns whether the guard was stopped from another thread.</summary>
    public bool GuardStopped<TAction>(ActionGuard<TAction> guard) where TAction : unmanaged
    {
        if (_replay is { Measured.GuardStopped: true }) guard.StopNow();
        return guard.IsStopped;
    }

    /// <summary>Closes a cycle: whether it was too slow.</summary>
    public void Close(ref MeasuredDecisions measured, long period, long busy)
    {
        if (_replay is not null)
        {
            measured.CycleMissed = _replay.Measured.CycleMissed;
            measured.SlackShort = _replay.Measured.SlackShort;
        }
        else if (options.MeasuredDecisions)
        {
            measured.CycleMissed = measured.Missed != 0 || busy > period || measured.SkippedSlots > 0;
            measured.SlackShort = busy > period * (1 - options.Health.MinSlack);
        }
    }

    private int SlotsMissed(Duration lateness, Duration period)
    {
        if (!options.MeasuredDecisions || lateness < period) return 0;
        int slots = (int)Math.Min(lateness.Nanoseconds / period.Nanoseconds, int.MaxValue);
        return options.OnOverrun == OverrunPolicy.CatchUp ? slots - 1 : slots;
    }
}
