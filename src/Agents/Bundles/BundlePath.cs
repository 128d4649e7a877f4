using System.Buffers;

namespace EdgeAutonomy.Agents;

/// <summary>The rules for names of bundles and of files in them.</summary>
internal static class BundlePath
{
    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdef");

    public static bool IsId(string? text) => text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(_digits);

    /// <summary>Returns the path when it is plain and stays inside: parts of letters, digits, '.', '_', '-', none beginning with a dot.</summary>
    public static string Check(string path)
    {
        // By what is allowed, not by what is forbidden: drive letters, devices, backslashes, "..", NUL and look-alikes all fall out.
        foreach (string part in path.Split('/'))
        {
            if (part.Length == 0 || part[0] == '.' || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
                throw new BundleException(BundleRefusal.Path, $"Bundle manifest: path '{UntrustedText.Clean(path, 80)}' may leave the bundle; use letters, digits, '.', '_', '-' and '/' between parts.");
        }
        return path == BundleManifest.FileName ? throw new BundleException(BundleRefusal.Path, "Bundle manifest: it lists itself.") : path;
    }
}
