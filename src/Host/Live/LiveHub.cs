using System.Collections.Concurrent;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Takes views from the feed at the rate that people can see, and offers each to every client.</summary>
internal sealed class LiveHub(ILiveFeed feed, LiveHealth health, double maxHz, PlaybackControl? playback = null)
{
    // Even without news a client hears from us, so that it can tell a loop that stands still from a broken connection. Health is looked at as often.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(0.5);

    private readonly ConcurrentDictionary<LiveSession, bool> _sessions = new();
    private long _sequence, _dropped;

    /// <summary>Gets how many clients watch.</summary>
    public int Clients => _sessions.Count;

    /// <summary>Gets how many frames were sent to the queues of clients.</summary>
    public long Frames => Interlocked.Read(ref _sequence);

    /// <summary>Gets how many frames slow clients did not get.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Counts a frame that a slow client did not get.</summary>
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Adds a client and offers it what is there.</summary>
    public void Add(LiveSession session)
    {
        _sessions[session] = true;
        if (feed.Latest is { } view) session.Offer(new LiveFrame(Frames, view, health.Check(), playback?.State));
    }

    /// <summary>Removes a client.</summary>
    public void Remove(LiveSession session) => _sessions.TryRemove(session, out _);

    /// <summary>Works until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var pause = TimeSpan.FromSeconds(1 / maxHz);
        LiveView? seen = null;
        if (playback is not null) playback.Changed += _ => Offer(feed.Latest, health.Check());
        while (!cancellation.IsCancellationRequested)
        {
            var view = await NextAsync(seen, cancellation);
            Offer(view, health.Check());
            seen = view;
            await Task.Delay(pause, cancellation);
        }
    }

    private void Offer(LiveView? view, HealthReport report)
    {
        if (view is null || _sessions.IsEmpty) return;
        var frame = new LiveFrame(Interlocked.Increment(ref _sequence), view, report, playback?.State);
        foreach (var (session, _) in _sessions) session.Offer(frame);
    }

    private async Task<LiveView?> NextAsync(LiveView? seen, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wait.CancelAfter(Heartbeat);
        try
        {
            return await feed.NextAsync(seen, wait.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return seen;
        }
    }
}
