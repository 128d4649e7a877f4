namespace EdgeAutonomy.Runtime;

/// <summary>One way to wait for an absolute deadline, for comparison in <see cref="WakeBenchmark"/>.</summary>
/// <remarks>Loops use <see cref="RealClock"/>; the other ways are here to show what they cost. One thread per instance.</remarks>
public abstract class WaitStrategy : IDisposable
{
    /// <summary>Gets the strategy's name in tables.</summary>
    public abstract string Name { get; }

    /// <summary>Gets ready to wait for deadlines that are one period apart.</summary>
    public virtual void Begin(Duration period) { }

    /// <summary>Waits as well as this strategy can. May come back early or late; that is what is measured.</summary>
    public abstract void WaitUntil(Stamp deadline);

    /// <summary>Lets go of what <see cref="Begin"/> took.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Makes all four strategies, from the worst to the best.</summary>
    public static IReadOnlyList<WaitStrategy> CreateAll() => [new TimerWait(), new SleepWait(), new NanosleepWait(), new NanosleepSpinWait()];
}
