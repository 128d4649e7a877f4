using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>The MQTT adapters that were built into this program, the preferred one first.</summary>
internal static class LinkAdapters
{
    /// <summary>Gets them all, whether they work on this machine or not.</summary>
    public static IReadOnlyList<ILinkFactory> All { get; } =
    [
        MosquittoLink.Factory,
#if WITH_MQTTNET
        MqttNet.MqttNetLink.Factory,
#endif
    ];

    /// <summary>Finds the adapter to use.</summary>
    /// <param name="name">Its name; null = the first that works here.</param>
    /// <exception cref="EdgeException">There is none of that name, or none that works here; the sentence says what to install.</exception>
    public static ILinkFactory Choose(string? name = null)
    {
        var named = name is null ? All : [.. All.Where(a => a.Name == name)];
        if (named.Count == 0) throw new EdgeException(ExitCode.Configuration, $"There is no MQTT adapter '{name}' in this build; there are: {string.Join(", ", All.Select(a => a.Name))}.");
        return named.FirstOrDefault(a => a.Unavailable is null) ?? throw new EdgeException(ExitCode.Configuration, named[0].Unavailable!);
    }
}
