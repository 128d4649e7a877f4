using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAutonomy.MqttNet;

/// <summary>Says in MQTTnet's words what <see cref="LinkOptions"/> say; files are read anew for every attempt.</summary>
internal static class MqttNetSettings
{
    // As the adapter of libmosquitto: what is a little too large arrives and is counted, what is much too large the broker keeps.
    private const uint PacketSlack = 4096;

    /// <summary>Makes the options of one attempt.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file is no certificate or key.</exception>
    public static MqttClientOptions Create(LinkOptions options, WillMessage? will, TimeSpan limit)
    {
        int port = options.Broker.Port > 0 ? options.Broker.Port : options.Tls is null ? 1883 : 8883;
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Broker.DnsSafeHost, port)
            .WithClientId(options.ClientId)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithCleanStart(options.CleanStart)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(options.KeepAliveSeconds))
            .WithSessionExpiryInterval((uint)options.SessionExpirySeconds)
            .WithMaximumPacketSize((uint)options.MaxPayloadBytes + PacketSlack)
            .WithTimeout(limit);
        if (options.User is { } user) builder.WithCredentials(user, options.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null);
        if (will is not null)
        {
            builder.WithWillTopic(will.Topic.Text).WithWillPayload(will.Payload).WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithWillRetain(true).WithWillDelayInterval((uint)will.DelaySeconds);
        }
        if (options.Tls is { } tls) builder.WithTlsOptions(o => Encrypt(o, tls, options.Broker.DnsSafeHost));
        return builder.Build();
    }

    private static void Encrypt(MqttClientTlsOptionsBuilder builder, LinkTls tls, string host)
    {
        var authority = new X509Certificate2Collection();
        authority.ImportFromPemFile(tls.CaFile);
        builder.UseTls().WithTargetHost(host).WithTrustChain(authority).WithSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13).WithRevocationMode(X509RevocationMode.NoCheck);
        if (tls.CertificateFile is not null) builder.WithClientCertificates(new X509Certificate2Collection(X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile)));
    }
}
