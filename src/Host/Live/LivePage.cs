using System.Security.Cryptography;

namespace EdgeAutonomy.Host;

/// <summary>The files of the page, embedded in the program: nothing is fetched from anywhere else.</summary>
internal static class LivePage
{
    /// <summary>What a browser may do on this page: load its own files and talk to its own server.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Prefix = "EdgeAutonomy.Host.Live.Page.";

    private static readonly Dictionary<string, LiveFile> Files = typeof(LivePage).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(n => n[Prefix.Length..], Load, StringComparer.Ordinal);

    /// <summary>Gets the names of the files.</summary>
    public static IEnumerable<string> Names => Files.Keys;

    /// <summary>Returns a file; null when the page has none of that name.</summary>
    public static LiveFile? Find(string name) => Files.GetValueOrDefault(name);

    private static LiveFile Load(string resource)
    {
        using var stream = typeof(LivePage).Assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        string type = Path.GetExtension(resource) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
        return new LiveFile(content, type, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
    }
}
