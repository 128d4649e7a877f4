namespace EdgeAutonomy.Runtime.Tests;

/// <summary>A fake operating system: time moves only by what the clock under test does.</summary>
internal sealed class ScriptedSleeper : ISleeper
{
    private readonly Queue<(int Error, long ComesBackAfter)> _script = new();

    public long Time { get; set; }

    public List<long> Sleeps { get; } = [];

    public int Spins { get; private set; }

    public long LateBy { get; set; }

    /// <summary>Called at the start of each sleep.</summary>
    public Action? OnSleep { get; set; }

    /// <summary>The next sleep gives this error after this long.</summary>
    public void Script(int error, long comesBackAfter) => _script.Enqueue((error, comesBackAfter));

    public long Now() => Time;

    public int SleepUntil(long nanoseconds)
    {
        Sleeps.Add(nanoseconds);
        OnSleep?.Invoke();
        if (_script.TryDequeue(out var step))
        {
            Time += step.ComesBackAfter;
            return step.Error;
        }
        Time = Math.Max(Time, nanoseconds + LateBy);
        return 0;
    }

    public void Relax()
    {
        Spins++;
        Time += 30;
    }
}
