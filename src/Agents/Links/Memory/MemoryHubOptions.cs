namespace EdgeAutonomy.Agents;

/// <summary>How a hub behaves where brokers differ.</summary>
public sealed record MemoryHubOptions
{
    /// <summary>Gets how long a packet takes from a client to the hub; default 200 µs, 0 in a live fleet.</summary>
    public Duration Uplink { get; init; } = new(200_000);

    /// <summary>Gets how long a packet takes from the hub to a client; default 200 µs, 0 in a live fleet.</summary>
    public Duration Downlink { get; init; } = new(200_000);

    /// <summary>Gets how many messages of quality 1 may be on their way to one client, or from it, without acknowledgement; default 20.</summary>
    public int ReceiveMaximum { get; init; } = 20;

    /// <summary>Gets how many messages of quality 1 wait for one client at most; default 1000, further ones are dropped as mosquitto does.</summary>
    public int MaxQueued { get; init; } = 1000;

    /// <summary>Gets the largest packet; default 1 MiB. Topic and payload count, and 32 bytes for all else.</summary>
    public int MaxPacketBytes { get; init; } = 1 << 20;

    /// <summary>Gets whether a will waits for its delay although the session has ended with the connection. Default true, as mosquitto 2.0 does; false = as
    /// MQTT 5 (3.1.3.2.2) has it: whichever comes first.</summary>
    public bool WillOutlivesSession { get; init; } = true;

    /// <summary>Gets who may do what; null = everybody everything. Asked for every message; must not call the hub or its links.</summary>
    /// <remarks>Refused publishing is answered with reason 135 where there is an answer; refused receiving is silence, as with mosquitto.</remarks>
    public Func<string, HubAction, string, bool>? May { get; init; }

    /// <summary>Gets who may subscribe to what: 0, or the MQTT 5 reason code of the refusal, for a client and a filter; null = everybody to everything, as with the access
    /// file of mosquitto 2.0, which grants what it then never delivers. Must not call the hub or its links.</summary>
    public Func<string, string, int>? MaySubscribe { get; init; }

    /// <summary>Gets who may connect: 0, or the MQTT 5 reason code of the refusal; null = everybody.</summary>
    public Func<LinkOptions, int>? Admit { get; init; }
}
