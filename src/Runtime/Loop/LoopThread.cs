namespace EdgeAutonomy.Runtime;

/// <summary>Runs one loop on a thread of its own until it is told to stop.</summary>
/// <remarks>Whatever ends the thread, the safe action is the last command. An exception that leaves the loop itself (a bug of this runtime, since stages are caught) ends
/// the thread and is kept in <see cref="Error"/>.</remarks>
public sealed class LoopThread : IDisposable
{
    private readonly IControlLoop _loop;
    private readonly IClock _clock;
    private readonly Action? _prepare;
    private readonly Action<LoopThread>? _ended;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Makes the thread; it does not run yet.</summary>
    /// <param name="loop">The loop; not started yet.</param>
    /// <param name="clock">The loop's clock.</param>
    /// <param name="prepare">Runs on the new thread before the first cycle: real-time scheduling, affinity. An exception ends the thread before anything moved.</param>
    /// <param name="ended">Told on the thread when it ends, after the safe action.</param>
    public LoopThread(IControlLoop loop, IClock clock, Action? prepare = null, Action<LoopThread>? ended = null)
    {
        _loop = loop;
        _clock = clock;
        _prepare = prepare;
        _ended = ended;
        _thread = new Thread(Run) { IsBackground = true, Name = $"edge-{loop.Name}" };
    }

    /// <summary>Gets the loop.</summary>
    public IControlLoop Loop => _loop;

    /// <summary>Gets what ended the thread, when it was not <see cref="Stop"/>.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Gets whether the thread runs.</summary>
    public bool IsAlive => _thread.IsAlive;

    /// <summary>Starts the loop's stages on the calling thread, then the loop's thread.</summary>
    /// <exception cref="InvalidOperationException">A stage could not start.</exception>
    public void Start()
    {
        _loop.Start();
        _thread.Start();
    }

    /// <summary>Stops the loop: the safe action last, then every stage's Stop.</summary>
    /// <param name="patience">How long to wait for the thread; a loop that hangs longer is made safe from here.</param>
    /// <returns>False when the thread did not come back in time.</returns>
    public bool Stop(Duration patience)
    {
        _stop = true;
        _clock.Interrupt();
        if (!_thread.IsAlive || Thread.CurrentThread == _thread) return true;
        if (_thread.Join((int)Math.Clamp(patience.Milliseconds, 0, int.MaxValue))) return true;
        _loop.StopNow();
        return false;
    }

    /// <summary>Stops the loop and waits up to one second.</summary>
    public void Dispose() => Stop(Duration.FromMilliseconds(1000));

    private void Run()
    {
        try
        {
            _prepare?.Invoke();
            while (!_stop) _loop.RunOnce();
        }
        catch (Exception error)
        {
            Error = error;
        }
        finally
        {
            Finish();
            _ended?.Invoke(this);
        }
    }

    private void Finish()
    {
        try
        {
            _loop.Finish();
        }
        catch (Exception error)
        {
            Error ??= error;
        }
    }
}
