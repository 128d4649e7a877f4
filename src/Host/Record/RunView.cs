using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>The live side of a run: page, Foxglove, metrics, and the consumer of records that feeds them.</summary>
internal sealed class RunView : IDisposable
{
    private readonly LiveRelay _relay;
    private readonly FoxgloveEndpoint _foxglove;
    private readonly LiveServer _server;
    private readonly double _maxHz;

    private RunView(LiveRelay relay, FoxgloveEndpoint foxglove, LiveServer server, double maxHz)
    {
        _relay = relay;
        _foxglove = foxglove;
        _server = server;
        _maxHz = maxHz;
    }

    /// <summary>Gets the address of the page.</summary>
    public Uri Address => _server.Address;

    /// <summary>Opens the endpoint for running loops.</summary>
    /// <param name="options">Where, and who may do what.</param>
    /// <param name="inboxes">The way to the loops that it shows.</param>
    /// <exception cref="EdgeException">The port is taken, or the address is not this machine's.</exception>
    public static RunView Start(LiveOptions options, LoopInboxes inboxes) => Start(options, new LiveRelay(inboxes), null);

    /// <summary>Opens the endpoint for a recording.</summary>
    /// <param name="options">Where.</param>
    /// <param name="playback">The recording that is played.</param>
    /// <exception cref="EdgeException">The port is taken, or the address is not this machine's.</exception>
    public static RunView Start(LiveOptions options, IPlayback playback) => Start(options, new LiveRelay(), new PlaybackControl(playback));

    /// <summary>Opens the endpoint for robots whose loops run elsewhere; views are given to it by <see cref="Show(LiveView)"/>.</summary>
    /// <param name="options">Where.</param>
    /// <exception cref="EdgeException">The port is taken, or the address is not this machine's.</exception>
    public static RunView Start(LiveOptions options) => Start(options with { LoopsElsewhere = true }, new LiveRelay(), null);

    /// <summary>Makes a consumer that feeds the endpoint.</summary>
    public IRecordConsumer Consumer(IReadOnlyList<RecordLane> lanes) => new ViewConsumer(lanes, _maxHz, Show, line => _foxglove.Log(line));

    /// <summary>Shows clients that recording stopped, until it goes on.</summary>
    public void Show(RecordingFault fault) => _foxglove.Report("recorder", FoxgloveStatusLevel.Error, fault.Stopped ? fault.Text : null);

    /// <summary>Shows a view. One thread at a time.</summary>
    public void Show(LiveView view)
    {
        _relay.Publish(view);
        _foxglove.Show(view);
    }

    /// <inheritdoc/>
    public void Dispose() => _server.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static RunView Start(LiveOptions options, LiveRelay relay, PlaybackControl? playback)
    {
        var foxglove = new FoxgloveEndpoint(options, relay, playback);
        return new RunView(relay, foxglove, LiveServer.StartAsync(options, relay, foxglove, playback: playback).GetAwaiter().GetResult(), options.MaxHz);
    }
}
