namespace EdgeAutonomy.Runtime;

/// <summary>The machine's monotonic clock: sleeps towards an absolute deadline, then spins the last stretch.</summary>
/// <remarks>
/// The origin is boot; the clock stands still while the system is suspended. On 64-bit Linux it sleeps by clock_nanosleep until
/// <see cref="SpinAhead"/> before the deadline, because the kernel wakes an ordinary thread 50 to 250 µs late, and spins from there. The
/// spin is never longer than <see cref="SpinAhead"/>. Elsewhere it sleeps by the framework's sleep, which is less exact.
/// <para>Never returns before the deadline unless interrupted. <see cref="Interrupt"/> ends a wait within 10 ms. Allocation-free.</para>
/// <para><see cref="Now"/> and <see cref="Interrupt"/>: any thread. <see cref="WaitUntil"/>: one thread.</para>
/// </remarks>
public sealed class RealClock : IClock
{
    /// <summary>The stretch that is spun when nothing else is said: 150 µs, from the measured wake-up errors (docs/performance.md).</summary>
    public static readonly Duration DefaultSpinAhead = Duration.FromMicroseconds(150);

    // A sleeping thread cannot see the interrupt flag, so it looks up this often; 100 looks a second cost nothing.
    private const long LongestPiece = 10_000_000;

    private const long LongestSpin = 10_000_000;

    private const int InterruptedCall = 4; // EINTR

    private readonly ISleeper _sleeper;
    private readonly long _spinAhead;
    private int _interrupted;

    /// <summary>Makes a clock.</summary>
    /// <param name="spinAhead">How long before a deadline to wake and spin; 0 … 10 ms, 0 = never spin. Default 150 µs.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stretch is outside its range.</exception>
    public RealClock(Duration? spinAhead = null) : this(CreateSleeper(), spinAhead ?? DefaultSpinAhead) { }

    /// <summary>Makes a clock over other calls than those of the operating system.</summary>
    internal RealClock(ISleeper sleeper, Duration spinAhead)
    {
        if (spinAhead.Nanoseconds is < 0 or > LongestSpin)
        {
            throw new ArgumentOutOfRangeException(nameof(spinAhead), spinAhead, $"Real clock: the stretch to spin is {spinAhead}; must be in [0, 10 ms].");
        }
        _sleeper = sleeper;
        _spinAhead = spinAhead.Nanoseconds;
    }

    /// <summary>Gets whether this system has the exact sleep (64-bit Linux).</summary>
    public static bool HasExactSleep => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Gets how long before a deadline the thread wakes and spins.</summary>
    public Duration SpinAhead => new(_spinAhead);

    /// <inheritdoc/>
    public Stamp Now => new(_sleeper.Now());

    /// <inheritdoc/>
    public WaitResult WaitUntil(Stamp deadline)
    {
        long now = _sleeper.Now(), wake = deadline.Nanoseconds - _spinAhead;
        while (!IsInterrupted())
        {
            if (now >= deadline.Nanoseconds) return new WaitResult(new Stamp(now), Interrupted: false);
            if (now >= wake)
            {
                _sleeper.Relax();
            }
            else if (_sleeper.SleepUntil(Math.Min(wake, now + LongestPiece)) is not (0 or InterruptedCall))
            {
                _sleeper.Relax(); // refused (a sandbox, say): late is better than dead, so wait on by spinning
            }
            // A signal ends the sleep early with EINTR; the deadline is absolute, so going round again is the whole retry.
            now = _sleeper.Now();
        }
        return new WaitResult(Now, Interrupted: true);
    }

    /// <inheritdoc/>
    public void Interrupt() => Volatile.Write(ref _interrupted, 1);

    private bool IsInterrupted() => Volatile.Read(ref _interrupted) != 0 && Interlocked.Exchange(ref _interrupted, 0) != 0;

    private static ISleeper CreateSleeper() => HasExactSleep ? new LinuxSleeper() : new PortableSleeper();
}
