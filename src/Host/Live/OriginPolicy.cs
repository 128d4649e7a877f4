using System.Net;

namespace EdgeAutonomy.Host;

/// <summary>Says which web pages may open a WebSocket. Any page on the web can try ws://127.0.0.1, and the browser tells only by the Origin header.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class OriginPolicy
{
    private const string Foxglove = "https://app.foxglove.dev";

    private readonly HashSet<string> _origins = new(StringComparer.OrdinalIgnoreCase) { Foxglove };
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the policy.</summary>
    /// <param name="allowed">Further origins; those that cannot be read are left out.</param>
    public OriginPolicy(IEnumerable<string> allowed)
    {
        string machine = Environment.MachineName;
        _hosts.UnionWith([machine, machine + ".local"]);
        foreach (string text in allowed)
        {
            if (Read(text) is not { } origin) continue;
            _origins.Add(Text(origin));
            _hosts.Add(origin.IdnHost);
        }
    }

    /// <summary>Returns whether a request may name this machine so. A foreign name that leads here is how a web page gets around the origin rule.</summary>
    /// <param name="host">The Host header without its port; an IPv6 address with or without brackets.</param>
    public bool AllowsHost(string host) => IsLocal(host) || IPAddress.TryParse(host.Trim('[', ']'), out _) || _hosts.Contains(host);

    /// <summary>Returns whether a page of this origin may open a WebSocket.</summary>
    /// <param name="origin">The Origin header; null = no browser.</param>
    /// <param name="host">The Host header with its port: our own page's origin.</param>
    public bool Allows(string? origin, string host)
    {
        if (string.IsNullOrEmpty(origin)) return true;
        if (Read(origin) is not { } page) return false;
        return IsLocal(page.IdnHost) || _origins.Contains(Text(page)) || string.Equals(page.Authority, host, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads an origin; null when the text is none.</summary>
    public static Uri? Read(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0 && !text.EndsWith('/')
            ? uri : null;

    private static string Text(Uri origin) => origin.GetLeftPart(UriPartial.Authority);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
