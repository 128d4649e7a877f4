using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>A bundle that passed every check, with its files in memory: what is used is what was checked.</summary>
public sealed class PolicyBundle
{
    private readonly ImmutableSortedDictionary<string, byte[]> _files;

    internal PolicyBundle(string id, BundleManifest manifest, ImmutableSortedDictionary<string, byte[]> files)
    {
        Id = id;
        Manifest = manifest;
        _files = files;
    }

    /// <summary>Gets its content id: SHA-256 of the manifest.</summary>
    public string Id { get; }

    /// <summary>Gets what it is.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>Returns a file's bytes.</summary>
    /// <param name="path">One of the manifest's files.</param>
    /// <exception cref="KeyNotFoundException">The manifest lists no such file.</exception>
    public ReadOnlyMemory<byte> File(string path) => _files[path];
}
