using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAutonomy.Host;

/// <summary>Runs the loops of a robot: one thread each, a watchdog over all, and a safe command last, whatever ends it.</summary>
/// <remarks>Everything here is at the rim: the loops themselves neither log nor allocate. What they have to tell lies in their event rings and is
/// turned into log lines on a pool thread.</remarks>
public sealed partial class LoopService : IHostedService, IDisposable
{
    // A healthy loop ends within a period; a hung one is made safe from here after this and left behind.
    private static readonly Duration Patience = Duration.FromMilliseconds(1000);

    private readonly IReadOnlyList<BuiltLoop> _loops;
    private readonly EdgeOptions _options;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<LoopService> _log;
    private readonly Action<ExitCode> _exit;
    private readonly Action<LogLine>? _record;
    private readonly List<LoopThread> _threads = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly LatenessDigest[] _lateness;
    private Watchdog? _watchdog;
    private Task _pump = Task.CompletedTask;
    private int _failure;

    /// <summary>Makes the service; nothing runs yet.</summary>
    /// <param name="loops">The loops, built and not started.</param>
    /// <param name="options">The configuration they were built from.</param>
    /// <param name="lifetime">Asked to stop when a loop fails.</param>
    /// <param name="log">Takes what the loops tell.</param>
    /// <param name="record">Takes the same for the recording and the live view; null = nobody does.</param>
    /// <param name="exit">Ends the process when a loop hangs; null = the process itself.</param>
    public LoopService(IReadOnlyList<BuiltLoop> loops, EdgeOptions options, IHostApplicationLifetime lifetime, ILogger<LoopService> log, Action<LogLine>? record = null, Action<ExitCode>? exit = null)
    {
        _loops = loops;
        _options = options;
        _lifetime = lifetime;
        _log = log;
        _record = record;
        _exit = exit ?? ProcessExit.Now;
        _lateness = [.. loops.Select(_ => new LatenessDigest())];
    }

    /// <summary>Gets what the process must return: Ok, Internal after a loop's failure, Configuration when a real-time wish was refused under Strict.</summary>
    public ExitCode Code => (ExitCode)Volatile.Read(ref _failure);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var built in _loops) _threads.Add(new LoopThread(built.Loop, built.Clock, ApplyRealTime, Ended));
        try
        {
            foreach (var thread in _threads) thread.Start();
        }
        catch (InvalidOperationException exception)
        {
            // The loops before this one already run: they must be safe before the error is told.
            StopThreads();
            throw new EdgeException(exception.InnerException is EdgeException inner ? inner.Code : ExitCode.Io, exception.Message, exception);
        }
        _watchdog = new Watchdog(_loops.Select(l => l.Loop), new WatchdogOptions { Limit = Duration.FromMilliseconds(_options.Watchdog.LimitMs) }, Found);
        _pump = Task.Run(PumpAsync, CancellationToken.None);
        string names = string.Join(", ", _loops.Select(l => l.Loop.Name));
        LogStarted(_log, _options.Robot.Id, names);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The watchdog first: a loop that ends is no stall.
        _watchdog?.Dispose();
        _watchdog = null;
        StopThreads();
        await _ended.CancelAsync();
        await _pump;
        Tell();
        LogStopped(_log, _options.Robot.Id);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchdog?.Dispose();
        _ended.Dispose();
    }

    private void StopThreads()
    {
        // All are told before any is waited for, so that the last is not moving while the first still ends.
        var waits = _threads.ConvertAll(t => Task.Run(() => (Thread: t, InTime: t.Stop(Patience))));
        foreach (var wait in waits)
        {
            var (thread, inTime) = wait.GetAwaiter().GetResult();
            if (!inTime) LogAbandoned(_log, thread.Loop.Name, Patience.Milliseconds);
        }
    }

    private void ApplyRealTime()
    {
        try
        {
            foreach (var finding in RealTimeThread.Apply(_options.RealTime.ToOptions())) LogRefused(_log, finding.ToString());
        }
        catch (InvalidOperationException refused)
        {
            throw new EdgeException(ExitCode.Configuration, refused.Message, refused);
        }
    }

    private void Ended(LoopThread thread)
    {
        if (thread.Error is not { } error) return;
        var failure = Failure.From(error);
        LogFailed(_log, thread.Loop.Name, failure.Message);
        Interlocked.CompareExchange(ref _failure, (int)failure.Code, 0);
        _lifetime.StopApplication();
    }

    private void Found(StallReport report)
    {
        if (report.Level != StallLevel.Stop)
        {
            LogStall(_log, report);
            return;
        }
        // A robot with one dead loop must not drive on with the others.
        foreach (var built in _loops) built.Loop.StopNow();
        LogDead(_log, report);
        _exit(ExitCode.Stalled);
    }

    private async Task PumpAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                Tell();
            }
        }
        catch (OperationCanceledException)
        {
            // The end; StopAsync reads what is left in the rings.
        }
    }

    private void Tell()
    {
        for (int i = 0; i < _loops.Count; i++) Tell(_loops[i].Loop, _lateness[i]);
    }

    private void Tell(IControlLoop loop, LatenessDigest lateness)
    {
        while (loop.Events.TryRead(out var e))
        {
            // A machine that is too slow is late in every cycle; one line a second says the same.
            if (e.Kind == LoopEventKind.SlotsSkipped)
            {
                lateness.Add(e.Value, e.Limit);
                continue;
            }
            string text = e.ToText(loop.Name, loop.StageNames);
            _record?.Invoke(new LogLine(e.Tag, LoopEventLevel.Of(e), loop.Name, text));
            if (e.Kind is LoopEventKind.StageRecovered or LoopEventKind.BudgetMet || (e.Kind == LoopEventKind.RungChanged && e.To < e.From)) LogBetter(_log, text);
            else LogWorse(_log, text);
        }
        if (lateness.Take(loop.Name) is { } digest) LogWorse(_log, digest);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Robot '{Robot}' started: loops {Loops}.")]
    private static partial void LogStarted(ILogger log, string robot, string loops);

    [LoggerMessage(Level = LogLevel.Information, Message = "Robot '{Robot}' stopped; the last command of every loop was the safe one.")]
    private static partial void LogStopped(ILogger log, string robot);

    [LoggerMessage(Level = LogLevel.Error, Message = "Loop '{Loop}' did not end within {PatienceMs} ms; its actuator was made safe from outside.")]
    private static partial void LogAbandoned(ILogger log, string loop, double patienceMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private static partial void LogRefused(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "Loop '{Loop}' ended: {Sentence}")]
    private static partial void LogFailed(ILogger log, string loop, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Report}")]
    private static partial void LogStall(ILogger log, StallReport report);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Report}")]
    private static partial void LogDead(ILogger log, StallReport report);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Sentence}")]
    private static partial void LogBetter(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private static partial void LogWorse(ILogger log, string sentence);
}
