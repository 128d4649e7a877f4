using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A simulated fleet with its recorder and live view, if it has them.</summary>
internal sealed class FleetRun : IDisposable
{
    private static readonly Duration MapInterval = Duration.FromMilliseconds(50);

    private readonly MapLane? _map;
    private readonly JsonLane? _decisions, _fleetLane;
    private readonly RunRecorder? _recorder;
    private bool _finished;

    /// <summary>Makes the fleet and starts what takes its records.</summary>
    /// <param name="options">Scenario, robots, sensors, pacer.</param>
    /// <param name="seed">Seed of the world and of every loop.</param>
    /// <param name="verb">What runs it, for the recording.</param>
    /// <param name="file">The recording; null = none.</param>
    /// <param name="live">The live endpoint; null = none.</param>
    /// <param name="terminal">Where trouble with the recording is told.</param>
    /// <exception cref="EdgeException">There is no such scenario, the file cannot be made, or the port is taken.</exception>
    public FleetRun(SimulatedFleetOptions options, ulong seed, string verb, string? file, LiveOptions? live, Terminal terminal)
    {
        Site = options.Site;
        if (file is null && live is null)
        {
            Fleet = new SimulatedFleet(options, seed);
            return;
        }
        var section = new RecordingSection();
        Fleet = new SimulatedFleet(options, seed, RunRecorder.Lanes(section, RecordedClock.Sim, record: file is not null));
        _map = new MapLane(RecordFullPolicy.Hold);
        if (Site is not null) _decisions = new JsonLane(RecordedTopic.Decisions[1..], RecordFullPolicy.Hold);
        if (options.Tasks > 0) _fleetLane = new JsonLane(RecordedTopic.Fleet[1..], RecordFullPolicy.Hold);
        RecordLane[] lanes = [.. Fleet.Lanes, _map, .. new RecordLane?[] { _decisions, _fleetLane }.OfType<RecordLane>()];
        if (live is not null) View = RunView.Start(live, new LoopInboxes(Fleet.Loops, _ => Fleet.Now));
        try
        {
            _recorder = RunRecorder.Start(
                lanes,
                file is null ? null : (new RecordingOptions { Path = file, ChunkKiB = section.ChunkKiB }, RunRecorder.Describe(verb, Fleet.Configuration, Fleet.World.Scenario)),
                section.ViewHz,
                View is null ? [] : [View.Consumer(lanes)],
                fault => terminal.Say($"edge: {fault.Text}"));
        }
        catch
        {
            View?.Dispose();
            throw;
        }
        _map.Send(Stamp.Zero, WorldMap.Of(Fleet.World));
    }

    /// <summary>Gets the fleet.</summary>
    public SimulatedFleet Fleet { get; }

    /// <summary>Gets the room of a mission; null = none.</summary>
    public MissionSite? Site { get; }

    /// <summary>Gets the live endpoint; null = none.</summary>
    public RunView? View { get; }

    /// <summary>Gets what was recorded, after <see cref="Finish"/>; null when nothing was.</summary>
    public RecordingTotals? Recording => _recorder?.Totals;

    /// <summary>Runs everything up to an instant.</summary>
    public void RunUntil(Stamp end)
    {
        if (_map is null)
        {
            Fleet.RunUntil(end);
            return;
        }
        // Between the steps, so that what a map takes is no part of what a loop takes.
        for (var t = Fleet.Now; t < end;)
        {
            t = t + MapInterval < end ? t + MapInterval : end;
            Fleet.RunUntil(t);
            _map.Send(t, WorldMap.Of(Fleet.World));
            foreach (var loop in Fleet.Loops) Tell(loop);
        }
    }

    /// <summary>Shows what the mission agent decided, in the recording and on the live page; nothing where neither is.</summary>
    /// <param name="time">When.</param>
    /// <param name="json">One JSON object.</param>
    public void Show(Stamp time, ReadOnlySpan<byte> json) => _decisions?.Send(time, json);

    /// <summary>Gets whether anybody looks at how the fleet stands.</summary>
    public bool ShowsFleet => _fleetLane is not null;

    /// <summary>Shows how the fleet stands; nothing where nobody looks.</summary>
    /// <param name="time">When.</param>
    /// <param name="json">One JSON object.</param>
    public void ShowFleet(Stamp time, ReadOnlySpan<byte> json) => _fleetLane?.Send(time, json);

    /// <summary>Adds a sentence to the recording and the live view, where there are any.</summary>
    public void Log(in LogLine line) => _recorder?.Log(line);

    /// <summary>Ends every loop, the safe command last, and then the recording.</summary>
    public void Finish()
    {
        if (_finished) return;
        _finished = true;
        Fleet.Finish();
        _recorder?.Dispose();
    }

    /// <summary>Ends everything, the live endpoint last, so that its last view is the end of the run.</summary>
    public void Dispose()
    {
        Finish();
        View?.Dispose();
    }

    private void Tell(IControlLoop loop)
    {
        while (loop.Events.TryRead(out var e)) _recorder!.Log(new LogLine(e.Tag, LoopEventLevel.Of(e), loop.Name, e.ToText(loop.Name, loop.StageNames)));
    }
}
