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

    /// <summary>Opens a link; it is not started.</summary>
    /// <exception cref="EdgeException">The MQTT library is missing.</exception>
    public static IMqttLink Open(LinkOptions options) => MosquittoLink.Unavailable is { } missing ? throw new EdgeException(ExitCode.InputMissing, missing) : new MosquittoLink(options);
}
