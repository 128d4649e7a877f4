using System.Collections.Immutable;
using System.Security.Cryptography;

namespace EdgeAutonomy.Agents;

/// <summary>Makes bundles: files, their hashes, a manifest and a signature. For whoever trains, never on a robot.</summary>
public static class BundleWriter
{
    /// <summary>Writes a bundle into a new folder, the manifest last: one that is cut off has none and is refused.</summary>
    /// <param name="folder">The folder; absent or empty.</param>
    /// <param name="manifest">What it is. Its <see cref="BundleManifest.Files"/> and its signature are replaced.</param>
    /// <param name="files">The files by their paths in the bundle.</param>
    /// <param name="key">The private key.</param>
    /// <returns>The bundle's id.</returns>
    /// <exception cref="BundleException">A path may leave the bundle.</exception>
    /// <exception cref="IOException">The folder is not empty, or the disk fails.</exception>
    public static string Write(string folder, BundleManifest manifest, IReadOnlyDictionary<string, byte[]> files, ECDsa key)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(key);
        if (File.Exists(folder) || Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw new IOException($"{folder} exists and is not an empty folder; name another one.");
        var list = ImmutableArray.CreateBuilder<BundleFile>(files.Count);
        foreach (var (path, bytes) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            string to = Path.Combine(folder, BundlePath.Check(path));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.WriteAllBytes(to, bytes);
            list.Add(new BundleFile(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length));
        }
        var signed = BundleKeys.Sign(manifest with { Files = list.ToImmutable() }, BundleKeyFile.IdOf(key), key);
        // What the reader would refuse is refused here, while the maker can still mend it.
        ManifestReader.Read(signed.ToBytes());
        File.WriteAllBytes(Path.Combine(folder, BundleManifest.FileName), signed.ToBytes());
        return signed.ContentId();
    }
}
