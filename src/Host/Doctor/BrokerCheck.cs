using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Tries the MQTT library and the broker: whether it answers, which rights the robot has, and how long a message takes to it and back.</summary>
/// <remarks>What is sent is not kept by the broker. At most ten seconds.</remarks>
internal static class BrokerCheck
{
    private const int RoundTrips = 200, PayloadBytes = 200;

    // Two delayed acknowledgements of 40 ms make a round trip of quality 1 slow; specs: fleet-link, 5.2.
    private const double SlowMs = 35;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3), Limit = TimeSpan.FromSeconds(9), VersionLimit = TimeSpan.FromMilliseconds(500), EndLimit = TimeSpan.FromSeconds(1);

    /// <summary>Tries them.</summary>
    public static IEnumerable<Diagnosis> Run(DoctorContext context)
    {
        bool isUsable = LinkAdapters.All.Any(a => a.Unavailable is null);
        yield return Library(isNeeded: context.Target is not null);
        if (context.Target is not { } broker)
        {
            yield return Diagnosis.Ok("mqtt:broker", "No broker is configured; --broker names one to try.");
            yield break;
        }
        long start = Stopwatch.GetTimestamp();
        if (Closed(broker) is { } closed)
        {
            yield return closed;
            yield break;
        }
        if (!isUsable) yield break;
        foreach (var found in Talk(context, broker, start)) yield return found;
    }

    private static Diagnosis Library(bool isNeeded)
    {
        var usable = LinkAdapters.All.FirstOrDefault(a => a.Unavailable is null);
        if (usable is null)
        {
            string why = LinkAdapters.All[0].Unavailable!;
            return isNeeded ? Diagnosis.Error("mqtt:library", why, "Run ./edge setup, or install the package.") : Diagnosis.Ok("mqtt:library", $"{why} Only a fleet needs it.");
        }
        string version = usable.Name == MosquittoLink.Factory.Name && MosquittoLink.LibraryVersion is { } v ? $" {v}" : "";
        return Diagnosis.Ok("mqtt:library", $"Links run on {usable.Name}{version}.");
    }

    // Before the link, which goes on trying and so cannot tell a closed port from a slow broker at once.
    private static Diagnosis? Closed(Uri broker)
    {
        int port = Port(broker);
        try
        {
            using var client = new TcpClient();
            if (!client.ConnectAsync(broker.DnsSafeHost, port).Wait(ConnectLimit)) return Refused(broker, $"does not answer within {ConnectLimit.TotalSeconds:0} s");
            return null;
        }
        catch (AggregateException failed) when (failed.InnerException is SocketException error)
        {
            return Refused(broker, error.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "cannot be reached: nothing listens there",
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "cannot be reached: there is no such host",
                _ => $"cannot be reached: {error.SocketErrorCode}",
            });
        }
    }

    private static Diagnosis Refused(Uri broker, string what) =>
        Diagnosis.Error("mqtt:broker", $"Broker {broker.DnsSafeHost}:{Port(broker).ToString(CultureInfo.InvariantCulture)} {what}.", "Start it (`sudo systemctl start mosquitto`), or mend address, port or firewall.");

    private static int Port(Uri broker) => broker.Port > 0 ? broker.Port : broker.Scheme == "mqtts" ? 8883 : 1883;

    private static List<Diagnosis> Talk(DoctorContext context, Uri broker, long start)
    {
        const string Where = "mqtt:broker";
        IMqttLink link;
        try
        {
            link = Links.Open(context.Link(broker));
        }
        catch (ArgumentException wrong)
        {
            return [Diagnosis.Error(Where, wrong.Message, "Mend the section Fleet, or give --config with it where the broker wants certificates.")];
        }
        try
        {
            var topic = context.Echo;
            link.Subscribe(LinkFilter.Parse(topic.Text), new SubscribeOptions(InboxQueue.Commands, 1, NoLocal: false));
            link.Subscribe(LinkFilter.Parse("$SYS/broker/version"), new SubscribeOptions(InboxQueue.Latest, 0));
            var starting = link.StartAsync();
            WaitFor(starting, Left(start));
            var status = link.Status;
            if (status.State != LinkState.Up)
            {
                string why = status.Reason.Length > 0 ? status.Reason : $"Broker {broker} does not answer as an MQTT 5 broker.";
                return [Diagnosis.Error(Where, why, "Check user, password and certificates of the section Fleet, and that the port is that of an MQTT 5 broker.")];
            }
            var limits = link.Limits;
            string? version = Version(link, Left(start));
            List<Diagnosis> found =
            [
                Diagnosis.Ok(Where, string.Create(CultureInfo.InvariantCulture, $"Broker {broker.DnsSafeHost}:{Port(broker)}{(version is null ? "" : $", {version},")} speaks MQTT 5; quality {limits.MaxQos}, {limits.ReceiveMaximum} messages on their way, retained messages {(limits.RetainAvailable ? "yes" : "no")}.")),
            ];
            if (!limits.RetainAvailable) found.Add(Diagnosis.Warning("mqtt:limits", "The broker keeps no retained messages: a robot that comes later does not see how things stand.", "Allow them in the broker's configuration."));
            found.Add(RoundTrip(link, topic, start));
            return found;
        }
        finally
        {
            WaitFor(link.StopAsync(graceful: true), EndLimit);
            WaitFor(link.DisposeAsync().AsTask(), EndLimit);
        }
    }

    private static string? Version(IMqttLink link, TimeSpan left)
    {
        var message = new LinkMessage();
        var patience = left < VersionLimit ? left : VersionLimit;
        // Retained, so it comes at once where the broker lets us read it.
        return link.Inbox.Wait(patience) && link.Inbox.TryTake(message) && message.Payload.Length < 100 ? UntrustedText.Clean(Encoding.UTF8.GetString(message.Payload), 60) : null;
    }

    private static Diagnosis RoundTrip(IMqttLink link, LinkTopic topic, long start)
    {
        const string Where = "mqtt:roundtrip";
        var message = new LinkMessage();
        var times = new List<double>();
        byte[] payload = new byte[PayloadBytes];
        var c = CultureInfo.InvariantCulture;
        for (int i = 0; i < RoundTrips && Left(start) > TimeSpan.Zero; i++)
        {
            long sent = Stopwatch.GetTimestamp();
            var publishing = link.PublishAsync(topic, payload, new PublishOptions(PublishClass.Command, ExpirySeconds: 5)).AsTask();
            if (!WaitFor(publishing, Left(start))) break;
            if (publishing.Result is { Outcome: not (PublishOutcome.Acknowledged or PublishOutcome.Sent) } result)
                return Diagnosis.Error(Where, $"The broker took no message on {topic.Text}: {result.Outcome}. {result.Detail}".TrimEnd(), "Give the robot the right to its own subtree (deploy/mosquitto/edgeautonomy.acl); its user is its name.");
            // What comes first may be an answer to the wait for the version.
            bool heard;
            while (!(heard = link.Inbox.TryTake(message) && message.Topic.SequenceEqual(topic.Utf8)) && Left(start) > TimeSpan.Zero) link.Inbox.Wait(Left(start));
            if (!heard) break;
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        // A slow network is a finding with figures; one that swallows nearly all of it is silent.
        if (times.Count < 10) return Silence(topic, times.Count);
        times.Sort();
        double p50 = At(times, 0.5), p90 = At(times, 0.9), p99 = At(times, 0.99);
        string text = string.Create(c, $"{times.Count} messages of quality 1 to the broker and back took {p50:0.00} ms in the median, p90 {p90:0.00} ms, p99 {p99:0.00} ms.");
        var found = p90 > SlowMs
            ? Diagnosis.Warning(Where, $"{text} The broker has set_tcp_nodelay off, or the network delays acks.", "Set `set_tcp_nodelay true` in the broker's configuration (deploy/mosquitto); else look at the network.")
            : Diagnosis.Ok(Where, text);
        return found with { Figure = new Figure("round trip of quality 1", p50, "ms", p50, p99, times[^1], string.Create(c, $"{times.Count} messages of {PayloadBytes} bytes, p90 {p90:0.000} ms")) };
    }

    private static Diagnosis Silence(LinkTopic topic, int heard) =>
        Diagnosis.Error("mqtt:roundtrip", string.Create(CultureInfo.InvariantCulture, $"Of what was sent on {topic.Text} {heard} messages came back, then none in time."), "Give the robot the right to read its site (deploy/mosquitto/edgeautonomy.acl), or look at the network.");

    private static TimeSpan Left(long start) => Limit - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static bool WaitFor(Task task, TimeSpan limit) => Task.WhenAny(task, Task.Delay(limit)).GetAwaiter().GetResult() == task;

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
}
