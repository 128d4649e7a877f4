using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>Keeps signing keys in files: a private one for whoever trains, public ones for robots.</summary>
/// <remarks>
/// PEM: PKCS #8 for the private key, SubjectPublicKeyInfo for public ones. A file of public keys may hold several, one behind the other: <c>cat a.pub b.pub</c>.
/// A key's name in signatures is derived from the key itself (see <see cref="IdOf"/>), so nobody gives names and none can be given twice. Thread-safe.
/// </remarks>
public static class BundleKeyFile
{
    private const int MaxBytes = 1 << 16;

    /// <summary>Makes a key pair on P-256 and writes it. Never overwrites a file.</summary>
    /// <param name="privatePath">The private key's file; only its owner may read it (mode 600).</param>
    /// <param name="publicPath">The public key's file.</param>
    /// <returns>The key's name in signatures.</returns>
    /// <exception cref="IOException">One of the files is there already, or the disk fails.</exception>
    public static string Create(string privatePath, string publicPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(privatePath);
        ArgumentException.ThrowIfNullOrEmpty(publicPath);
        foreach (string path in (string[])[privatePath, publicPath])
        {
            if (File.Exists(path)) throw new IOException($"{path} exists; a key is never overwritten, name another file.");
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(publicPath, key.ExportSubjectPublicKeyInfoPem(), isPrivate: false);
        Write(privatePath, key.ExportPkcs8PrivateKeyPem(), isPrivate: true);
        return IdOf(key);
    }

    /// <summary>Reads the public keys that a robot trusts.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It holds no public key, one on another curve, or a private one.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static BundleKeys Read(string path)
    {
        string text = Text(path);
        var keys = new BundleKeys();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            string label = rest[found.Label].ToString();
            if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)) throw new InvalidDataException($"{path} holds a private key, which must never be on a robot; give the public one (.pub).");
            if (label != "PUBLIC KEY") throw new InvalidDataException($"{path} holds a PEM block '{UntrustedText.Clean(label, 40)}'; must be PUBLIC KEY.");
            string pem = rest[found.Location].ToString();
            try
            {
                using var key = ECDsa.Create();
                key.ImportFromPem(pem);
                // The same key twice, in files put together, is one key.
                if (known.Add(IdOf(key))) keys.With(IdOf(key), pem);
            }
            catch (Exception e) when (e is ArgumentException or CryptographicException)
            {
                throw new InvalidDataException($"{path}: block {known.Count + 1} is no public key on curve P-256; make keys with 'edge policy keygen'.", e);
            }
        }
        return known.Count > 0 ? keys : throw new InvalidDataException($"{path} holds no public key in PEM; make keys with 'edge policy keygen'.");
    }

    /// <summary>Reads a private key, to sign with.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The key, which the caller disposes of.</returns>
    /// <exception cref="InvalidDataException">It holds no private key on P-256, or others than its owner may read it.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static ECDsa ReadPrivate(string path)
    {
        string text = Text(path);
        var key = ECDsa.Create();
        try
        {
            CheckPrivate(key, path, text);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Returns a key's name in signatures: the first 16 hexadecimal digits of the SHA-256 of its public half (DER).</summary>
    /// <param name="key">The key; the public half is enough.</param>
    public static string IdOf(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
    }

    private static void CheckPrivate(ECDsa key, string path, string pem)
    {
        ECParameters parameters;
        try
        {
            key.ImportFromPem(pem);
            // A public key imports as well; it shows only here.
            parameters = key.ExportParameters(includePrivateParameters: true);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new InvalidDataException($"{path} holds no private key in PEM; make one with 'edge policy keygen'.", e);
        }
        if (parameters.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value) throw new InvalidDataException($"{path} holds a key on another curve than P-256; make one with 'edge policy keygen'.");
        if (!OperatingSystem.IsWindows()) RefuseOpenFile(path);
    }

    private static string Text(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > MaxBytes) throw new InvalidDataException($"{path} has {info.Length} bytes; a file of keys has at most {MaxBytes}.");
        return File.ReadAllText(path, Encoding.UTF8);
    }

    [UnsupportedOSPlatform("windows")]
    private static void RefuseOpenFile(string path)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & others) != 0) throw new InvalidDataException($"{path} is a private key that others may read or write; run 'chmod 600 {path}'.");
    }

    private static void Write(string path, string pem, bool isPrivate)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(pem + "\n"));
        file.Flush(flushToDisk: true);
    }
}
