using System.Security.Cryptography;

namespace EdgeAutonomy.Agents;

/// <summary>Models in a folder, a file each: written beside its place, synced, renamed, folder synced; the sha256 of the content behind it.</summary>
/// <remarks>A power cut leaves the old or the new content. A file that is damaged counts as none: the fleet has the model, and an update is made again. One thread.</remarks>
public sealed class FileFederatedStore : IFederatedStore
{
    private const long MaxFile = TransferManifest.MaxBytes + (1L << 20);
    private readonly DurableFiles _files;
    private readonly string _folder;

    /// <summary>Opens a folder, which is made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public FileFederatedStore(string folder) : this(folder, null) { }

    internal FileFederatedStore(string folder, Action<StoreStep, string>? onStep)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (_folder, _files) = (Path.GetFullPath(folder), new DurableFiles(onStep));
        Directory.CreateDirectory(_folder);
    }

    /// <inheritdoc/>
    public bool TryPut(string name, ReadOnlySpan<byte> content)
    {
        var all = new byte[content.Length + SHA256.HashSizeInBytes];
        content.CopyTo(all);
        SHA256.HashData(content, all.AsSpan(content.Length));
        try
        {
            _files.Write(PathOf(name), all);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public byte[]? Get(string name)
    {
        var file = new FileInfo(PathOf(name));
        if (!file.Exists || file.Length is < SHA256.HashSizeInBytes or > MaxFile) return null;
        try
        {
            byte[] all = File.ReadAllBytes(file.FullName);
            var content = all.AsSpan(0, all.Length - SHA256.HashSizeInBytes);
            return SHA256.HashData(content).AsSpan().SequenceEqual(all.AsSpan(content.Length)) ? content.ToArray() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Remove(string name)
    {
        try
        {
            _files.Remove(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stays is checked against the model when it is read again.
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, FleetNames.IsName(name, 32) ? name + ".bin" : throw new ArgumentException($"Federated store: '{UntrustedText.Clean(name, 60)}' is no name; must be 1 to 32 of [A-Za-z0-9_.:-].", nameof(name)));
}
