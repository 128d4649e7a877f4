using System.Diagnostics;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAutonomy.Host;

/// <summary>The robot's place in a fleet: takes the tasks that fall to it and sends its loop to their places.</summary>
/// <remarks>Registered after <see cref="LoopService"/>. One thread of its own; no loop waits for it. Without the network the robot goes on with what it may do alone, and its loop never notices.</remarks>
internal sealed partial class FleetService : IHostedService, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), ShowEvery = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromSeconds(3);

    private readonly ILogger<FleetService> _log;
    private readonly FleetPost _post;
    private readonly PostedMissionRobot _robot;
    private readonly FleetMember _member;
    private readonly IClock _clock;
    private readonly Action<LogLine>? _record;
    private readonly ManualResetEventSlim _news = new();
    private Thread? _thread;
    private LinkStatus _told;
    private volatile bool _ended;

    /// <summary>Takes the robot's promises up; nothing runs yet.</summary>
    /// <param name="post">Mailboxes and section.</param>
    /// <param name="folder">Where relative paths of the configuration start.</param>
    /// <param name="loop">The loop that drives.</param>
    /// <param name="robot">The robot's name and seed.</param>
    /// <param name="log">Takes sentences.</param>
    /// <param name="record">Takes the same for the recording and the page; null = nobody does.</param>
    /// <exception cref="EdgeException">The MQTT library is missing, or the promises cannot be kept.</exception>
    public FleetService(FleetPost post, string folder, BuiltLoop loop, RobotSection robot, ILogger<FleetService> log, Action<LogLine>? record)
    {
        (_log, _post, _record, _clock) = (log, post, record, loop.Clock);
        var section = post.Section;
        _robot = new PostedMissionRobot(post.Post);
        string store = Path.GetFullPath(section.Store, folder);
        try
        {
            Directory.CreateDirectory(store);
            var promises = new FilePromiseStore(Path.Combine(store, "promises"));
            var roster = new Roster((uint)section.Roster, section.Voters);
            if (section.Admit && promises.IsFresh) roster.Admit(promises);
            if (section.Readmit && promises.IsFresh) roster.Readmit(promises);
            var site = section.Map.Length > 0 ? SiteMapFile.Read(Path.GetFullPath(section.Map, folder)).Zones is { } zones ? new FleetSite(zones, null) : null : null;
            var options = new FleetOptions { Site = section.Site, Robot = robot.Id, Roster = roster, Seed = robot.Seed, Software = ProgramVersion.Text };
            // What a task does at its place is not the loop's: here standing there is all there is to it.
            _member = new FleetMember(
                options, promises, TimeProvider.System, p => Links.Open(Links.Options(section, p, robot.Seed)), _robot, () => RoverBeacon.Of(post.Post.Read(out _).Pose, post.Post.Read(out _).Velocity, post.Radius),
                new FileEffects(Path.Combine(store, "done"), robot.Id), Now(), text => Say(FoxgloveLogLevel.Info, text), site: site);
            if (!_member.Node.IsVoter && roster.Has(robot.Id)) Say(FoxgloveLogLevel.Warning, "This robot is on the list of voters, but its promises are new or were lost: it does not vote. Set Fleet:Readmit for one start when nobody else has its name.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new EdgeException(ExitCode.Io, $"Fleet: {error.Message}", error);
        }
    }

    /// <summary>Gets how the robot stood at the end.</summary>
    public FleetRobotRow Row { get; private set; } = new("", "", null, 0, 0, 0, "", 0, false);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _member.Link.Inbox.Arrived += _news.Set;
        // Not waited for: a robot whose broker is not there starts all the same.
        _ = _member.Link.StartAsync(CancellationToken.None);
        _thread = new Thread(Run) { IsBackground = true, Name = "edge-fleet" };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _ended = true;
        _news.Set();
        _thread?.Join(Patience);
        _robot.Stop();
        Row = OwnRow();
        await Task.WhenAny(_member.Link.StopAsync(graceful: true), Task.Delay(Patience, CancellationToken.None));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _member.DisposeAsync().AsTask().Wait(Patience);
        _news.Dispose();
    }

    // Goes on while the process is stopped, so that a lease does not outlive its time.
    private static Stamp Now() => new((long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)));

    private void Run()
    {
        long shown = 0;
        try
        {
            while (!_ended)
            {
                _news.Wait(Pause);
                _news.Reset();
                // Until the loop has said where the robot is, no way can be judged.
                if (_robot.LoopTime == Stamp.Zero) continue;
                _member.Step(Now());
                TellLink();
                if (Stopwatch.GetElapsedTime(shown) < ShowEvery) continue;
                shown = Stopwatch.GetTimestamp();
                _post.Lane.Send(_clock.Now, FleetView.Write(Now(), _member));
            }
        }
        catch (Exception error)
        {
            // The loops go on: a robot without its fleet stands where it is.
            LogFailed(_log, error);
        }
        finally
        {
            _robot.Stop();
        }
    }

    private void TellLink()
    {
        var status = _member.Link.Status;
        if (status.State == _told.State && status.Reason == _told.Reason) return;
        _told = status;
        Say(status.State is LinkState.Connecting || status is { State: LinkState.Up, Reason.Length: 0 } ? FoxgloveLogLevel.Info : FoxgloveLogLevel.Warning, $"Link to {_post.Section.Broker}: {status.State}. {status.Reason}".TrimEnd());
    }

    private FleetRobotRow OwnRow() => new(
        _member.Node.Robot, _member.Worker.Phase.ToString(), _member.Worker.Task?.Id, _member.Worker.Done, _member.Worker.GivenUp, 0, _member.Link.Status.State.ToString(),
        _member.Node.Members.Members.Count(m => m.State == MemberState.Alive), _member.Node.IsCoordinating(Now()));

    private void Say(FoxgloveLogLevel level, string text)
    {
        _record?.Invoke(new LogLine(_clock.Now, level, "fleet", text));
        if (level == FoxgloveLogLevel.Info) LogNews(_log, text);
        else LogWorse(_log, text);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Sentence}")]
    private static partial void LogNews(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private static partial void LogWorse(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "The robot's place in the fleet failed; it has no goal, its loops go on.")]
    private static partial void LogFailed(ILogger log, Exception error);
}
