using System.Diagnostics;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>A link that hears what it says itself.</summary>
internal sealed class LinkLoop : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly MosquittoLink _link;
    private readonly LinkTopic _topic = LinkTopic.Parse($"edge-bench/{Environment.ProcessId}/own");
    private readonly LinkMessage _message = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly byte[] _payload;
    private readonly PublishOptions _options;

    public LinkLoop(Uri broker, int qos, int bytes, int window)
    {
        _payload = new byte[bytes];
        _options = new PublishOptions(qos == 0 ? PublishClass.Beacon : PublishClass.Command);
        _link = new MosquittoLink(new LinkOptions { Broker = broker, ClientId = $"edge-bench-{Environment.ProcessId}", KeepAliveSeconds = 60, Window = window });
        _link.Subscribe(LinkFilter.Parse(_topic.Text), new SubscribeOptions(InboxQueue.Commands, qos, NoLocal: false));
        _link.Inbox.Arrived += () => _arrived.Release();
        var status = _link.StartAsync().WaitAsync(Patience).GetAwaiter().GetResult();
        if (status.State != LinkState.Up) throw new EdgeException(ExitCode.Io, status.Reason);
    }

    /// <summary>Sends and waits, one after the other.</summary>
    /// <param name="count">How often.</param>
    /// <param name="took">Nanoseconds from before the sending to after the reading.</param>
    /// <param name="handOver">Nanoseconds of that from the arrival on the library's thread on.</param>
    public void RoundTrips(int count, long[] took, long[] handOver)
    {
        double nanoseconds = 1e9 / Stopwatch.Frequency;
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Post();
            Take();
            long end = Stopwatch.GetTimestamp();
            took[i] = (long)((end - start) * nanoseconds);
            handOver[i] = (long)((end - _message.Arrived) * nanoseconds);
        }
    }

    /// <summary>Sends as fast as it comes back.</summary>
    /// <param name="count">How many messages.</param>
    /// <param name="onTheirWay">The most that have been sent and have not come back.</param>
    public void Flow(int count, int onTheirWay)
    {
        for (int sent = 0, received = 0; received < count;)
        {
            if (sent < count && sent - received < onTheirWay)
            {
                Post();
                sent++;
                while (_link.Inbox.TryTake(_message)) received++;
                continue;
            }
            Take();
            received++;
        }
        // The signals of what was taken without waiting.
        while (_arrived.Wait(0)) { }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _link.StopAsync(graceful: true).WaitAsync(Patience).GetAwaiter().GetResult();
        _arrived.Dispose();
    }

    private void Post()
    {
        if (_link.Post(_topic, _payload, _options) != PublishOutcome.Sent) throw new EdgeException(ExitCode.Io, $"the link took no message: {_link.Status}, {_link.Counters}");
    }

    private void Take()
    {
        while (!_link.Inbox.TryTake(_message))
        {
            if (!_arrived.Wait(Patience)) throw new EdgeException(ExitCode.Io, $"a message did not come back within {Patience.TotalSeconds} s: {_link.Status}, {_link.Counters}");
        }
    }
}
