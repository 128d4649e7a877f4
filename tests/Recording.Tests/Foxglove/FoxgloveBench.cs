using System.Text;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>A server with one client whose frames a test can read.</summary>
internal sealed class FoxgloveBench
{
    public FoxgloveBench(FoxgloveServerOptions? options = null, string protocol = FoxgloveProtocol.Sdk, bool control = false)
    {
        Host.AllowControl = control;
        Server = new FoxgloveServer(options ?? new FoxgloveServerOptions(), Host, Measure);
        Channel = Server.AddChannel("/a", FoxgloveSchemas.Log);
        Images = Server.AddChannel("/image", FoxgloveSchemas.RawImage, isImage: true);
        Assert.True(Server.TryConnect(protocol, out var session));
        Client = session;
    }

    public ScriptedHost Host { get; } = new();

    public ScriptedMeasure Measure { get; } = new();

    public FoxgloveServer Server { get; }

    public FoxgloveSession Client { get; }

    public uint Channel { get; }

    public uint Images { get; }

    public void Send(string json) => Client.OnText(Encoding.UTF8.GetBytes(json));

    public List<(bool IsText, byte[] Data)> Drain()
    {
        var frames = new List<(bool, byte[])>();
        while (Client.TryDequeue(out var frame)) frames.Add((frame.IsText, frame.Data.ToArray()));
        return frames;
    }

    public List<JsonElement> DrainJson() => [.. Drain().Where(f => f.IsText).Select(f => JsonDocument.Parse(f.Data).RootElement)];

    /// <summary>Forgets the greeting.</summary>
    public FoxgloveBench Greeted()
    {
        Drain();
        return this;
    }

    /// <summary>The only message waiting, which must be an error.</summary>
    public string Error()
    {
        var status = Assert.Single(DrainJson());
        Assert.Equal(("status", 2), (status.GetProperty("op").GetString(), status.GetProperty("level").GetInt32()));
        return status.GetProperty("message").GetString()!;
    }
}
