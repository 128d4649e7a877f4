namespace EdgeAutonomy.Simulation;

/// <summary>The time between two frames in microseconds.</summary>
/// <param name="start">Time of the earlier frame.</param>
/// <param name="end">Time of the later one.</param>
/// <param name="notBefore">Events come after this; not before the start.</param>
/// <param name="jitterPhase">Where this step starts to read the table of leak jitter.</param>
internal readonly struct StepInterval(long start, long end, long notBefore, int jitterPhase)
{
    public readonly long Start = start, End = end, Length = end - start, NotBefore = notBefore;
    public readonly double PerStep = 1.0 / (end - start);
    public readonly int JitterPhase = jitterPhase;
}
