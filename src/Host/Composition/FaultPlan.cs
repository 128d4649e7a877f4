using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The faults to inject into one stage, played before the stage's own call.</summary>
/// <remarks>Faults belong to tests of the safety chain, so this may do what no stage may: throw, sleep, and never return.</remarks>
internal sealed class FaultPlan
{
    private readonly FaultSection[] _faults;

    private FaultPlan(FaultSection[] faults) => _faults = faults;

    /// <summary>Makes the plan of one stage; null when nothing is to be injected there.</summary>
    /// <param name="role">The stage.</param>
    /// <param name="faults">All faults of the loop.</param>
    /// <param name="replay">Whether a recording is replayed: what a slow call did to the loop stands in it, so nobody has to wait again.</param>
    public static FaultPlan? For(StageRole role, FaultSection[] faults, bool replay = false)
    {
        var own = Array.FindAll(faults, f => f.Stage == role);
        // A replay never waits, but it keeps the stage wrapped: keyframes go by what the stage is.
        return own.Length == 0 ? null : new FaultPlan(replay ? Array.FindAll(own, f => f.Kind is not (FaultKind.Slow or FaultKind.Hang)) : own);
    }

    /// <summary>Plays what is due in this cycle.</summary>
    /// <returns>The status to answer with instead of the stage's own; null when the stage is to run.</returns>
    public StageStatus? Play(in CycleContext context)
    {
        foreach (var fault in _faults)
        {
            long into = (long)context.CycleId - fault.FromCycle;
            if (into < 0 || into >= fault.Cycles) continue;
            switch (fault.Kind)
            {
                case FaultKind.Fail: return StageStatus.Failed(FailureCode.Custom);
                case FaultKind.Silent: return StageStatus.NoOutput;
                case FaultKind.Throw: throw new InvalidOperationException($"injected fault in {fault.Stage}, cycle {context.CycleId}");
                case FaultKind.Slow: Thread.Sleep(TimeSpan.FromMilliseconds(fault.DelayMs)); break;
                case FaultKind.Hang: Thread.Sleep(Timeout.Infinite); break;
            }
        }
        return null;
    }

    /// <summary>Tells whether chance must spoil the output of this cycle, and with what; zero = it need not.</summary>
    public byte Chance(in CycleContext context)
    {
        foreach (var fault in _faults)
        {
            long into = (long)context.CycleId - fault.FromCycle;
            // The one place that wants what no seed controls: it shows that replay and diff find a stage that depends on it.
            if (fault.Kind == FaultKind.Chance && into >= 0 && into < fault.Cycles) return (byte)(System.Diagnostics.Stopwatch.GetTimestamp() >> 3 & 3);
        }
        return 0;
    }
}
