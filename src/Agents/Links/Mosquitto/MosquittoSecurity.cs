using static EdgeAutonomy.Agents.MosquittoConstants;

namespace EdgeAutonomy.Agents;

/// <summary>Gives a client of libmosquitto its credentials and certificates, anew for every attempt: renewed files need no restart.</summary>
internal static unsafe class MosquittoSecurity
{
    private const int Verify = 1; // SSL_VERIFY_PEER
    private const int MaxPasswordBytes = 65_535; // MQTT 5, 3.1.3.6

    /// <summary>Sets what the options say.</summary>
    /// <returns>Null, or why it cannot be.</returns>
    public static LinkFailure? Apply(MosquittoLibrary library, nint client, LinkOptions options) => ApplyUser(library, client, options) ?? ApplyTls(library, client, options);

    private static LinkFailure? ApplyUser(MosquittoLibrary library, nint client, LinkOptions options)
    {
        if (options.User is null) return null;
        byte[]? password = null;
        if (options.PasswordFile is { } file)
        {
            if (Unreadable(file) is { } reason) return new LinkFailure($"PasswordFile '{file}' {reason}.", NeedsPerson: true);
            if (new FileInfo(file).Length > MaxPasswordBytes) return new LinkFailure($"PasswordFile '{file}' has {new FileInfo(file).Length} bytes; must have at most {MaxPasswordBytes}.", NeedsPerson: true);
            password = MosquittoText.Z(File.ReadAllText(file).TrimEnd('\r', '\n'));
        }
        int code;
        fixed (byte* user = MosquittoText.Z(options.User), secret = password) code = library.UserSet(client, user, secret);
        // Not for ever in memory that a core dump shows.
        password.AsSpan().Clear();
        return code == Success ? null : new LinkFailure($"User '{options.User}' is not acceptable to libmosquitto: {library.Describe(code)}.", NeedsPerson: true);
    }

    private static LinkFailure? ApplyTls(MosquittoLibrary library, nint client, LinkOptions options)
    {
        if (options.Tls is not { } tls) return null;
        foreach (var (name, file) in ((string, string?)[])[("CaFile", tls.CaFile), ("CertificateFile", tls.CertificateFile), ("KeyFile", tls.KeyFile)])
        {
            if (file is not null && Unreadable(file) is { } reason) return new LinkFailure($"Tls.{name} '{file}' {reason}.", NeedsPerson: true);
        }
        int code;
        fixed (byte* ca = MosquittoText.Z(tls.CaFile), certificate = Z(tls.CertificateFile), key = Z(tls.KeyFile))
        {
            code = library.TlsSet(client, ca, null, certificate, key, &MosquittoCallbacks.NoPassword);
            // No version named: TLS 1.2 or better, whatever both sides can.
            if (code == Success) code = library.TlsOptionsSet(client, Verify, null, null);
        }
        return code == Success ? null : new LinkFailure($"Tls of the link is not acceptable to libmosquitto: {library.Describe(code)}.", NeedsPerson: true);
    }

    private static byte[]? Z(string? text) => text is null ? null : MosquittoText.Z(text);

    private static string? Unreadable(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return stream.Length == 0 ? "is empty" : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "does not exist";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read ({e.Message.TrimEnd('.')}); it must be readable by the user that runs this program";
        }
    }
}
