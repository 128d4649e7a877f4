namespace EdgeAutonomy.Agents;

/// <summary>How a link connects.</summary>
public sealed record LinkOptions
{
    /// <summary>Gets the broker: <c>mqtt://host:1883</c> or <c>mqtts://host:8883</c>.</summary>
    public required Uri Broker { get; init; }

    /// <summary>Gets the name at the broker: fixed and of its own, 1 to 64 characters; two clients of one name throw each other out for ever.</summary>
    public required string ClientId { get; init; }

    /// <summary>Gets what the broker tells the others when this link is lost; null = nothing. Asked anew for every connection.</summary>
    public Func<WillMessage>? Will { get; init; }

    /// <summary>Gets what is sent, acknowledged, first thing after every connection; null = nothing. Asked anew each time.</summary>
    public Func<(LinkTopic Topic, byte[] Payload, PublishOptions Options)>? Birth { get; init; }

    /// <summary>Gets what is sent, acknowledged, before a graceful end; null = nothing.</summary>
    public Func<(LinkTopic Topic, byte[] Payload, PublishOptions Options)>? Farewell { get; init; }

    /// <summary>Gets the keep-alive in seconds; default 5, at least 5.</summary>
    public int KeepAliveSeconds { get; init; } = 5;

    /// <summary>Gets whether the broker forgets the session at every connection; default true.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>Gets for how many seconds the broker keeps the session of a lost link; default 0.</summary>
    public int SessionExpirySeconds { get; init; }

    /// <summary>Gets certificates and keys; null = none, allowed with <c>mqtt://</c> only.</summary>
    public LinkTls? Tls { get; init; }

    /// <summary>Gets the user; null = none.</summary>
    public string? User { get; init; }

    /// <summary>Gets the file with the password, one line; null = none. Never the password itself: configurations are printed and recorded.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Gets the largest payload taken or sent, in bytes; default 262,144.</summary>
    public int MaxPayloadBytes { get; init; } = 262_144;

    /// <summary>Gets how many commands wait at most; default 256.</summary>
    public int CommandQueue { get; init; } = 256;

    /// <summary>Gets how many messages of quality 1 are on their way at most; default 20, and never more than the broker allows.</summary>
    public int Window { get; init; } = 20;

    /// <summary>Gets how many messages wait in the inbox at most; default 4096.</summary>
    public int InboxCapacity { get; init; } = 4096;

    /// <summary>Gets the longest wait between two attempts to connect, in seconds; default 30.</summary>
    public double MaxRetrySeconds { get; init; } = 30;

    /// <summary>Gets the seed of the jitter between attempts; give every robot another one.</summary>
    public ulong Seed { get; init; } = 1;
}
