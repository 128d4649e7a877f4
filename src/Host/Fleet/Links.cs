using System.Globalization;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Opens links to brokers with what this build has.</summary>
internal static class Links
{
    /// <summary>Returns how a robot connects.</summary>
    /// <param name="broker">Where.</param>
    /// <param name="site">The site.</param>
    /// <param name="presence">Who.</param>
    /// <param name="seed">Seed of the jitter between attempts.</param>
    public static LinkOptions Options(Uri broker, string site, FleetPresence presence, ulong seed) => new()
    {
        Broker = broker, ClientId = string.Create(CultureInfo.InvariantCulture, $"ea-{site}-{presence.Topics.Robot}"), Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell, Seed = seed,
        MaxRetrySeconds = 5,
    };

    /// <summary>Returns how a configured robot connects.</summary>
    public static LinkOptions Options(FleetSection section, FleetPresence presence, ulong seed) => Secure(Options(new Uri(section.Broker), section.Site, presence, seed), section) with { MaxRetrySeconds = 30 };

    /// <summary>Adds certificates and credentials of the configuration.</summary>
    public static LinkOptions Secure(LinkOptions options, FleetSection section) => options with
    {
        Tls = section.CaFile.Length > 0 ? new LinkTls(section.CaFile, NullIfEmpty(section.CertificateFile), NullIfEmpty(section.KeyFile)) : null,
        User = NullIfEmpty(section.User),
        PasswordFile = NullIfEmpty(section.PasswordFile),
    };

    /// <summary>Opens a link; it is not started.</summary>
    /// <exception cref="EdgeException">No MQTT adapter works here.</exception>
    public static IMqttLink Open(LinkOptions options) => LinkAdapters.Choose().Create(options);

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
