using System.Runtime.InteropServices;
using static EdgeAutonomy.Agents.MosquittoConstants;

namespace EdgeAutonomy.Agents;

/// <summary>Turns what libmosquitto says about a connection into a sentence with the remedy.</summary>
internal static class MosquittoFaults
{
    // What OpenSSL's texts mean: the alert that the broker sent, or what the own check found. First match wins.
    private static readonly (string Mark, string Sentence)[] Texts =
    [
        ("host name verification failed", "the broker's certificate is not for this host name; Broker must be a name or an address of the certificate's SAN"),
        ("certificate verify failed", "the broker's certificate is not signed by Tls.CaFile, has expired, or is not for this host name; check the file, the clock and the certificate's SAN"),
        ("certificate required", "the broker wants a client certificate; set Tls.CertificateFile and Tls.KeyFile"),
        ("did not return a certificate", "the broker wants a client certificate; set Tls.CertificateFile and Tls.KeyFile"),
        ("alert handshake failure", "the broker refuses the handshake; it may want a client certificate (Tls.CertificateFile, Tls.KeyFile) or another TLS version"),
        ("unknown ca", "the broker does not know who signed the client certificate; have it signed by the broker's CA"),
        ("certificate expired", "a certificate has expired; renew it, and check the clock"),
        ("certificate revoked", "the client certificate was revoked; have a new one made"),
        ("bad certificate", "the broker refuses the client certificate; its log says why"),
        ("key values mismatch", "Tls.KeyFile is not the key of Tls.CertificateFile"),
        ("bad decrypt", "Tls.KeyFile is encrypted and this program never asks for passwords; give a key without one, readable by the service only"),
        ("bad password", "Tls.KeyFile is encrypted and this program never asks for passwords; give a key without one, readable by the service only"),
        ("wrong version number", "the port does not speak TLS; check the port, or use mqtt:// on a trusted network"),
        ("no start line", "a certificate or key file is not PEM"),
    ];

    /// <summary>Returns why a connection did not come up at all.</summary>
    /// <param name="library">The library.</param>
    /// <param name="options">Where to.</param>
    /// <param name="code">What its connect returned.</param>
    /// <param name="error">The system's error number then.</param>
    /// <param name="log">The last error that the library logged.</param>
    public static LinkFailure Unreached(MosquittoLibrary library, LinkOptions options, int code, int error, string log)
    {
        if (options.Tls is not null && Tls(options, log) is { } tls) return tls;
        return code switch
        {
            MosquittoConstants.Tls or TlsHandshake => new LinkFailure($"Broker {options.Broker}: no encrypted connection{Quote(log)}; check that the certificate's SAN holds the host name, and the files of Tls.", NeedsPerson: true),
            NameLookup => new LinkFailure($"Broker {options.Broker}: the name has no address; check the name and the name server."),
            Errno => new LinkFailure($"Broker {options.Broker}: {Marshal.GetPInvokeErrorMessage(error)}; check that the broker runs and that a firewall lets the port through."),
            _ => new LinkFailure($"Broker {options.Broker}: {library.Describe(code)}{Quote(log)}.", NeedsPerson: code == InvalidArgument),
        };
    }

    /// <summary>Returns why a connection was lost, before or after the broker's greeting.</summary>
    /// <param name="library">The library.</param>
    /// <param name="options">Where to.</param>
    /// <param name="code">What the disconnect callback said: an error of the library, or from 128 on the broker's reason.</param>
    /// <param name="log">The last error that the library logged.</param>
    public static LinkFailure Lost(MosquittoLibrary library, LinkOptions options, int code, string log)
    {
        if (options.Tls is not null && Tls(options, log) is { } tls) return tls;
        return code switch
        {
            >= 128 => new LinkFailure($"Broker {options.Broker} ended the connection: {MqttReasons.Describe(code)}", MqttReasons.NeedsPerson(code)),
            MosquittoConstants.Tls or TlsHandshake => new LinkFailure($"Broker {options.Broker}: the encrypted connection failed{Quote(log)}; check the files of Tls, and that the certificate's SAN holds the host name.", NeedsPerson: true),
            KeepAlive => new LinkFailure($"Broker {options.Broker}: nothing heard for longer than the keep-alive; the connection is given up."),
            _ => new LinkFailure($"Broker {options.Broker}: the connection was lost{Quote(log)}."),
        };
    }

    private static LinkFailure? Tls(LinkOptions options, string log)
    {
        foreach (var (mark, sentence) in Texts)
        {
            if (log.Contains(mark, StringComparison.OrdinalIgnoreCase)) return new LinkFailure($"Broker {options.Broker}: {sentence}.", NeedsPerson: true);
        }
        return null;
    }

    private static string Quote(string log) => log.Length == 0 ? "" : $" ({UntrustedText.Clean(log, 160)})";
}
