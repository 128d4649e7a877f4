using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace EdgeAutonomy.MqttNet;

/// <summary>One client of MQTTnet, from its making to its end.</summary>
/// <remarks>Version 5 of the library neither reconnects nor subscribes again; that is the <see cref="SupervisedLink"/>'s, as for every adapter.</remarks>
internal sealed class MqttNetConnection : LinkConnection
{
    private const int LargestTopic = 256;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _end = new();
    private readonly LinkOptions _options;
    private readonly WillMessage? _will;
    private readonly LinkOutbox _outbox;
    private readonly LinkReceiver _receiver;
    private readonly LinkSubscriptions _subscriptions;
    private Task _chain = Task.CompletedTask;
    private int _id;

    public MqttNetConnection(LinkOptions options, WillMessage? will, LinkOutbox outbox, LinkReceiver receiver, LinkSubscriptions subscriptions)
    {
        (_options, _will, _outbox, _receiver, _subscriptions) = (options, will, outbox, receiver, subscriptions);
        _client.ApplicationMessageReceivedAsync += e =>
        {
            Receive(e.ApplicationMessage);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += e =>
        {
            int reason = (int)e.Reason;
            string text = reason >= 128 ? $"ended the connection: {MqttReasons.Describe(reason)}" : $"the connection was lost{(e.Exception is null ? "" : $" ({e.Exception.GetBaseException().Message.TrimEnd('.')})")}.";
            Lose(new LinkFailure($"Broker {_options.Broker}: {text}", reason >= 128 && MqttReasons.NeedsPerson(reason)));
            return Task.CompletedTask;
        };
    }

    /// <inheritdoc/>
    public override async Task<LinkFailure?> ConnectAsync(TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            var result = await _client.ConnectAsync(MqttNetSettings.Create(_options, _will, limit), cancel).ConfigureAwait(false);
            int reason = (int)result.ResultCode;
            if (reason != 0) return new LinkFailure($"Broker {_options.Broker} refuses the connection: {MqttReasons.Describe(reason)}", MqttReasons.NeedsPerson(reason));
            SessionPresent = result.IsSessionPresent;
            Limits = new LinkLimits(
                result.ReceiveMaximum ?? 65_535, (int)Math.Min(result.MaximumPacketSize ?? int.MaxValue, int.MaxValue), (int)result.MaximumQoS, result.RetainAvailable,
                result.WildcardSubscriptionAvailable, result.SharedSubscriptionAvailable, result.ServerKeepAlive > 0 ? result.ServerKeepAlive : _options.KeepAliveSeconds);
            return null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new LinkFailure("The link was stopped.");
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or TimeoutException or SocketException or IOException or AuthenticationException or CryptographicException or UnauthorizedAccessException)
        {
            var cause = e.GetBaseException();
            bool person = cause is AuthenticationException or CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException;
            return new LinkFailure($"Broker {_options.Broker}: {cause.Message.TrimEnd('.')}; check {(person ? "the files of Tls and PasswordFile, and that the certificate's SAN holds the host name" : "that the broker runs and that a firewall lets the port through")}.", person);
        }
    }

    /// <inheritdoc/>
    public override bool TrySubscribe(LinkFilter filter, in SubscribeOptions options, bool renewed, out int id)
    {
        id = Interlocked.Increment(ref _id);
        var topic = new MqttTopicFilterBuilder().WithTopic(filter.Text).WithQualityOfServiceLevel((MqttQualityOfServiceLevel)Math.Min(options.Qos, Limits.MaxQos))
            .WithNoLocal(options.NoLocal && filter.Share is null)
            .WithRetainHandling(renewed ? MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly : MqttRetainHandling.SendAtSubscribe).Build();
        _ = SubscribeAsync(topic, id);
        return true;
    }

    /// <inheritdoc/>
    public override void Unsubscribe(LinkFilter filter) => _ = UnsubscribeAsync(filter.Text);

    /// <inheritdoc/>
    public override SendOutcome Send(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, int qos, out int id)
    {
        id = Interlocked.Increment(ref _id);
        if (!_client.IsConnected) return SendOutcome.Gone;
        var message = new MqttApplicationMessage
        {
            Topic = topic.Text, PayloadSegment = new ArraySegment<byte>(payload.ToArray()), QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos, Retain = options.Retain,
            MessageExpiryInterval = (uint)options.ExpirySeconds, CorrelationData = options.Correlation == 0 ? null : Bytes(options.Correlation),
        };
        // On the pool: an answer that came in this call would be told before the outbox has noted the message; from another thread it waits for the outbox's lock.
        // One after the other in a chain, since the pool keeps no order and topics must.
        int number = id;
        _chain = _chain.ContinueWith(_ => PublishAsync(message, number), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return SendOutcome.Taken;
    }

    /// <inheritdoc/>
    public override async Task CloseAsync(bool graceful)
    {
        try
        {
            if (graceful && _client.IsConnected)
            {
                await _client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = MqttClientDisconnectOptionsReason.NormalDisconnection }).WaitAsync(EndLimit).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or TimeoutException or InvalidOperationException)
        {
            // It is gone already, or does not answer; what follows ends it in any case.
        }
        await _end.CancelAsync().ConfigureAwait(false);
        // Without a word to the broker: the socket is closed, and the broker sends the will.
        _client.Dispose();
        _end.Dispose();
        Lose(new LinkFailure("The link was stopped."));
    }

    private static byte[] Bytes(ulong correlation)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, correlation);
        return bytes;
    }

    private async Task PublishAsync(MqttApplicationMessage message, int id)
    {
        try
        {
            var result = await _client.PublishAsync(message, _end.Token).ConfigureAwait(false);
            _outbox.Settle(this, id, (int)result.ReasonCode);
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or InvalidOperationException)
        {
            // The loss settles it: the outbox counts as unknown what had no answer.
            Lose(new LinkFailure($"Broker {_options.Broker}: the connection was lost ({e.GetBaseException().Message.TrimEnd('.')})."));
        }
    }

    private async Task SubscribeAsync(MqttTopicFilter filter, int id)
    {
        try
        {
            var result = await _client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [filter] }, _end.Token).ConfigureAwait(false);
            _subscriptions.Answered(id, (int)result.Items.First().ResultCode);
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or InvalidOperationException)
        {
            Lose(new LinkFailure($"Broker {_options.Broker}: the connection was lost ({e.GetBaseException().Message.TrimEnd('.')})."));
        }
    }

    private async Task UnsubscribeAsync(string filter)
    {
        try
        {
            await _client.UnsubscribeAsync(new MqttClientUnsubscribeOptions { TopicFilters = [filter] }, _end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or InvalidOperationException)
        {
            // A broker that is gone has no subscription of this connection.
        }
    }

    /// <summary>Copies what arrived; the payload is valid inside the library's call only.</summary>
    private void Receive(MqttApplicationMessage message)
    {
        Span<byte> topic = stackalloc byte[LargestTopic];
        if (message.Payload.Length > _options.MaxPayloadBytes || Encoding.UTF8.GetByteCount(message.Topic) > LargestTopic)
        {
            _receiver.NoteMalformed();
            return;
        }
        int length = Encoding.UTF8.GetBytes(message.Topic, topic);
        ulong correlation = message.CorrelationData is { Length: sizeof(ulong) } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        if (message.Payload.IsSingleSegment)
        {
            _receiver.Receive(topic[..length], message.Payload.FirstSpan, message.Retain, correlation);
            return;
        }
        byte[] whole = ArrayPool<byte>.Shared.Rent((int)message.Payload.Length);
        message.Payload.CopyTo(whole);
        _receiver.Receive(topic[..length], whole.AsSpan(0, (int)message.Payload.Length), message.Retain, correlation);
        ArrayPool<byte>.Shared.Return(whole);
    }
}
