using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The faults to inject into one stage, played before the stage's own call.</summary>
/// <remarks>Faults belong to tests of the safety chain, so this may do what no stage may: throw, sleep, and never return.</remarks>
internal sealed class FaultPlan
{
    private readonly FaultSection[] _faults;

    private FaultPlan(FaultSection[] faults) => _faults = faults;

    /// <summary>Makes the plan of one stage; null when nothing is to be injected there.</summary>
    public static FaultPlan? For(StageRole role, FaultSection[] faults)
    {
        var own = Array.FindAll(faults, f => f.Stage == role);
        return own.Length == 0 ? null : new FaultPlan(own);
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
}
