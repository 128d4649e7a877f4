namespace EdgeAutonomy.Recording.Tests;

/// <summary>A host that keeps what it is asked.</summary>
internal sealed class ScriptedHost : IFoxgloveHost
{
    public bool AllowControl { get; set; }

    public bool Throws { get; set; }

    public Dictionary<string, FoxgloveParameter> Values { get; } = new() { ["speed"] = FoxgloveParameter.Of("speed", 1.5), ["name"] = FoxgloveParameter.Of("name", "r1") };

    public List<FoxgloveCall> Calls { get; } = [];

    public List<(string Topic, byte[] Data)> Received { get; } = [];

    public List<FoxglovePlaybackRequest> Requests { get; } = [];

    public IReadOnlyList<FoxgloveParameter> GetParameters(IReadOnlyList<string> names) => Throws ? throw new InvalidOperationException("boom")
        : [.. names.Count == 0 ? Values.Values : names.Where(Values.ContainsKey).Select(n => Values[n])];

    public IReadOnlyList<FoxgloveParameter> SetParameters(IReadOnlyList<FoxgloveParameter> parameters)
    {
        foreach (var p in parameters) Values[p.Name] = p;
        return parameters;
    }

    public void Call(FoxgloveCall call) => Calls.Add(call);

    public void Receive(FoxgloveClientChannel channel, ReadOnlySpan<byte> message) => Received.Add((channel.Topic, message.ToArray()));

    public void Playback(FoxglovePlaybackRequest request) => Requests.Add(request);

    public byte[]? FetchAsset(string uri) => uri == "package://robot" ? [1, 2, 3] : null;
}
