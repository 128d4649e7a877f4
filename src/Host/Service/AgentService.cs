using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAutonomy.Host;

/// <summary>Runs the mission agent above a loop: about one decision a second, each a goal in the loop's mailbox.</summary>
/// <remarks>Registered after <see cref="LoopService"/>, so that it starts after the loops and ends before them. Nothing here runs on a loop's thread, and no loop waits for
/// it: an agent that hangs or fails leaves a robot that stands at its last goal.</remarks>
internal sealed partial class AgentService : IHostedService, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(2);

    private readonly ILogger<AgentService> _log;
    private readonly PostedMissionRobot _robot;
    private readonly MissionShift _shift;
    private readonly MissionAgent _agent;
    private readonly Action<LogLine>? _record;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new(), _ended = new();
    private Task _driving = Task.CompletedTask, _ticking = Task.CompletedTask;

    /// <summary>Makes the agent; nothing runs yet.</summary>
    /// <param name="post">Room and mailboxes.</param>
    /// <param name="folder">Where relative paths of the configuration start.</param>
    /// <param name="loop">The loop that drives.</param>
    /// <param name="robot">The robot's name and seed.</param>
    /// <param name="log">Takes sentences.</param>
    /// <param name="record">Takes the same for the recording and the page; null = nobody does.</param>
    /// <param name="clock">The clock of deadlines, of the robot's work and of the pace; the system's when null.</param>
    /// <exception cref="EdgeException">A policy, store or key is missing, damaged, in use, or for other missions.</exception>
    public AgentService(AgentPost post, string folder, BuiltLoop loop, RobotSection robot, ILogger<AgentService> log, Action<LogLine>? record, TimeProvider? clock = null)
    {
        var time = clock ?? TimeProvider.System;
        (_log, _record, _time) = (log, record, time);
        var statistics = loop.Loop.Statistics;
        var showing = new Lock();
        _robot = new PostedMissionRobot(post.Post);
        var hazards = new MissionHazards(_robot, post.Site, () => statistics.Rung, () => TimeSpan.FromSeconds((loop.Clock.Now - _robot.LoopTime).Seconds));
        _shift = new MissionShift(post.Site, post.Options, robot.Seed, robot.Id, _robot, hazards, time, () => loop.Clock.Now, Show, Take);
        var envelope = new SafetyEnvelope(hazards, hazards, post.Site.Fence, MissionHazards.Reserve);
        _agent = new MissionAgent(post.Section, folder, envelope, time, _shift, post.Metrics, text => _shift.Say(FoxgloveLogLevel.Warning, text));

        void Show(Stamp now, byte[] json)
        {
            lock (showing) post.Lane.Send(now, json);
        }
    }

    /// <summary>Gets what ends when no mission follows.</summary>
    public Task Driving => _driving;

    /// <summary>Gets the missions that are over. After the end.</summary>
    public IReadOnlyList<MissionRow> Rows => _shift.Rows;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ticking = Task.Run(TickAsync, CancellationToken.None);
        _driving = Task.Run(DriveAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (await Task.WhenAny(_driving, Task.Delay(Patience, CancellationToken.None)) != _driving) LogAbandoned(_log, Patience.TotalSeconds);
        _robot.Stop();
        await _ended.CancelAsync();
        await _ticking;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _agent.Dispose();
        _stop.Dispose();
        _ended.Dispose();
    }

    private async Task DriveAsync()
    {
        try
        {
            // Until the loop has said where the robot is, no way can be judged.
            while (_robot.LoopTime == Stamp.Zero && !_stop.IsCancellationRequested) await Task.Delay(Tick, _time, _stop.Token);
            do
            {
                _shift.Begin();
                _shift.Close(await _agent.RunAsync(_shift.Mission, _shift.Body, _stop.Token));
            }
            while (!_stop.IsCancellationRequested && _shift.TryNext());
            if (!_stop.IsCancellationRequested) _shift.Say(FoxgloveLogLevel.Info, $"{_shift.Done} of {_shift.Rows.Count} missions done; none follows, the robot rests.");
        }
        catch (OperationCanceledException)
        {
            // Ended before the first report.
        }
        catch (Exception error)
        {
            // The loops go on: a robot without an agent stands, and its watchdog has no reason to fire.
            LogFailed(_log, error);
        }
        finally
        {
            _robot.Stop();
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token)) _shift.Body.Advance();
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Take(LogLine line)
    {
        _record?.Invoke(line);
        if (line.Level == FoxgloveLogLevel.Info) LogNews(_log, line.Text);
        else LogWorse(_log, line.Text);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Sentence}")]
    private static partial void LogNews(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private static partial void LogWorse(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "The mission agent did not end within {Seconds} s and was left behind; its robot has no goal.")]
    private static partial void LogAbandoned(ILogger log, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The mission agent failed; the robot has no goal, its loops go on.")]
    private static partial void LogFailed(ILogger log, Exception error);
}
