using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>What a Foxglove server says about itself and how much it allows.</summary>
public sealed record FoxgloveServerOptions
{
    /// <summary>Gets the name that clients show.</summary>
    public string Name { get; init; } = "edgeautonomy";

    /// <summary>Gets what tells one run of the server from another: clients forget old channels when it changes.</summary>
    public string SessionId { get; init; } = "";

    /// <summary>Gets what else is told in serverInfo.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets whether the server sends the time (simulation, replay); then all stamps must come from the same clock.</summary>
    public bool SendsTime { get; init; }

    /// <summary>Gets whether the host answers for parameters.</summary>
    public bool HasParameters { get; init; }

    /// <summary>Gets whether the host hands out assets.</summary>
    public bool HasAssets { get; init; }

    /// <summary>Gets whether clients that may control may also publish; default true. Without it their messages are refused with a status.</summary>
    public bool HasClientPublish { get; init; } = true;

    /// <summary>Gets the first instant of what is played back; null = live. With <see cref="DataEnd"/> it turns on playback control.</summary>
    public Stamp? DataStart { get; init; }

    /// <summary>Gets the last instant of what is played back.</summary>
    public Stamp? DataEnd { get; init; }

    /// <summary>Gets the most clients at a time.</summary>
    public int MaxClients { get; init; } = 16;

    /// <summary>Gets the most subscriptions, published channels and parameter subscriptions of one client, each.</summary>
    public int MaxPerClient { get; init; } = 1024;

    /// <summary>Gets the longest message that a client may send, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = 1 << 20;

    /// <summary>Gets how many small messages may wait for a client; beyond that the oldest is dropped.</summary>
    public int DataQueue { get; init; } = 256;

    /// <summary>Gets how many images may wait for a client; beyond that the oldest is dropped.</summary>
    public int ImageQueue { get; init; } = 8;

    /// <summary>Gets how many bytes of control messages may wait for a client that does not read; beyond that it is disconnected.</summary>
    public int MaxControlBytes { get; init; } = 8 << 20;

    /// <summary>Gets whether <see cref="DataStart"/> and <see cref="DataEnd"/> are known.</summary>
    internal bool HasPlayback => DataStart is not null && DataEnd is not null;
}
