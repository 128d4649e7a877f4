namespace EdgeAutonomy.Agents;

/// <summary>The rules of <see cref="LinkOptions"/>.</summary>
internal static class LinkRules
{
    public static void Check(LinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string scheme = options.Broker.IsAbsoluteUri ? options.Broker.Scheme : "";
        if (scheme is not "mqtt" and not "mqtts") Refuse($"Broker is '{options.Broker}'; must be mqtt://HOST[:1883] or mqtts://HOST[:8883].");
        if (options.Broker.Host.Length == 0) Refuse($"Broker is '{options.Broker}'; a host is missing.");
        if (options.Broker.UserInfo.Length > 0) Refuse("Broker holds a user or password; use User and PasswordFile, since addresses are printed and recorded.");
        if (scheme == "mqtts" && options.Tls is null) Refuse($"Broker is '{options.Broker}' and Tls is missing; mqtts:// needs at least Tls.CaFile.");
        if (scheme == "mqtt" && options.Tls is not null) Refuse($"Broker is '{options.Broker}' and Tls is set; write mqtts:// or leave Tls away, or the link would not be encrypted.");
        if (options.Tls is { } tls && (tls.CertificateFile is null) != (tls.KeyFile is null)) Refuse("Tls has a certificate without a key, or a key without a certificate; give both or none.");
        if (options.ClientId.Length is < 1 or > 64 || options.ClientId.AsSpan().ContainsAnyExceptInRange('!', '~')) Refuse($"ClientId is '{UntrustedText.Clean(options.ClientId, 80)}'; must be 1 to 64 printable ASCII characters without blanks.");
        if (options.PasswordFile is not null && options.User is null) Refuse("PasswordFile is set and User is missing.");
        Range(options.KeepAliveSeconds, 5, 65_535, nameof(options.KeepAliveSeconds));
        Range(options.SessionExpirySeconds, 0, int.MaxValue, nameof(options.SessionExpirySeconds));
        Range(options.MaxPayloadBytes, 1, 16 << 20, nameof(options.MaxPayloadBytes));
        Range(options.CommandQueue, 1, 65_536, nameof(options.CommandQueue));
        Range(options.Window, 1, 65_535, nameof(options.Window));
        Range(options.InboxCapacity, 4, 1 << 20, nameof(options.InboxCapacity));
        if (!(options.MaxRetrySeconds is >= 0.01 and <= 3600)) Refuse(FormattableString.Invariant($"MaxRetrySeconds is {options.MaxRetrySeconds}; must be in [0.01, 3600]."));
    }

    private static void Range(int value, int least, int most, string name)
    {
        if (value < least || value > most) Refuse(FormattableString.Invariant($"{name} is {value}; must be in [{least}, {most}]."));
    }

    private static void Refuse(string sentence) => throw new ArgumentException("Link options: " + sentence);
}
