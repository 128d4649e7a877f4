using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public class LiveServerTests
{
    internal static readonly LiveOptions Any = new() { Port = 0, Robot = "test", MaxHz = 500 };

    [Fact]
    public async Task Get_Page_IsServedWithAStrictPolicyAndNothingFromElsewhere()
    {
        await using var server = await LiveServer.StartAsync(Any, new ScriptedFeed().Relay);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var page = await http.GetAsync("/");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("/page/app.js", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("app.js", LivePage.Names);
        foreach (string name in LivePage.Names)
        {
            using var file = await http.GetAsync("/page/" + name);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            string text = await file.Content.ReadAsStringAsync();
            Assert.Equal(0, text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Split("http://", StringSplitOptions.None).Length - 1);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Get_PageFileAgain_Is304()
    {
        await using var server = await LiveServer.StartAsync(Any, new ScriptedFeed().Relay);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var first = await http.GetAsync("/page/style.css");
        http.DefaultRequestHeaders.Add("If-None-Match", first.Headers.ETag!.Tag);
        using var second = await http.GetAsync("/page/style.css");
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/nothing", 404)]
    [InlineData("/page/nothing.js", 404)]
    [InlineData("/page/..%2fedge.dll", 404)]
    [InlineData("/live", 400)]
    [InlineData("/cycle", 503)]
    public async Task Get_WhatIsNotThere_SaysSoInOneSentence(string path, int status)
    {
        await using var server = await LiveServer.StartAsync(Any, new ScriptedFeed().Relay);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var answer = await http.GetAsync(path);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Get_Cycle_GivesTheNewestViewOfEveryLoop()
    {
        var feed = new ScriptedFeed();
        feed.Publish(10);
        feed.Publish(40);
        await using var server = await LiveServer.StartAsync(Any, feed.Relay);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var json = JsonDocument.Parse(await http.GetStringAsync("/cycle"));
        var root = json.RootElement;
        Assert.Equal("test", root.GetProperty("robot").GetString());
        Assert.Equal(2.0, root.GetProperty("time").GetDouble());
        var loops = root.GetProperty("loops").EnumerateArray().ToArray();
        Assert.Equal(["r1", "r2", "r3"], loops.Select(l => l.GetProperty("loop").GetString()));
        Assert.Equal(480, loops[0].GetProperty("cycle").GetInt64());
        Assert.Equal("nominal", loops[0].GetProperty("rungName").GetString());
        Assert.Equal(42, loops[1].GetProperty("dropped").GetProperty("recorder").GetInt64());
        Assert.Equal(16, loops[0].GetProperty("sectors").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, loops[0].GetProperty("sectors")[3].GetProperty("timeToContact").ValueKind); // +∞: JSON has none
        Assert.Equal(JsonValueKind.Null, loops[0].GetProperty("scan").GetProperty("ranges")[0].ValueKind); // NaN
        Assert.Equal("end to end", loops[0].GetProperty("latencies")[4].GetProperty("stage").GetString());
        Assert.Equal(300, loops[0].GetProperty("latencies")[4].GetProperty("p50Us").GetDouble());
        Assert.Equal(6, root.GetProperty("map").GetProperty("walls").GetArrayLength());
        Assert.Equal(3, root.GetProperty("map").GetProperty("robots").GetArrayLength());
    }

    [Fact]
    public async Task Live_AfterConnecting_SendsHelloThenStatesAsTheyCome()
    {
        var feed = new ScriptedFeed();
        await using var server = await LiveServer.StartAsync(Any, feed.Relay);
        using var client = await PageClient.ConnectAsync(server);
        Assert.Equal(LiveServer.PageProtocol, client.Protocol);
        var hello = await client.WaitForAsync("hello");
        Assert.False(hello.GetProperty("allowControl").GetBoolean());
        Assert.True(hello.GetProperty("allowStop").GetBoolean());
        feed.Publish(1);
        var first = await client.WaitForAsync("state");
        feed.Publish(2);
        var second = await client.WaitForAsync("state", s => s.GetProperty("time").GetDouble() == 0.1);
        Assert.True(second.GetProperty("sequence").GetInt64() > first.GetProperty("sequence").GetInt64());
        Assert.Equal("r1", second.GetProperty("detail").GetProperty("loop").GetString());
        Assert.False(second.GetProperty("loops")[0].TryGetProperty("latencies", out _)); // details only of the loop that is watched
    }

    [Fact]
    public async Task Live_WatchingALoop_GivesItsDetailsAndItsImagesOnly()
    {
        var feed = new ScriptedFeed();
        await using var server = await LiveServer.StartAsync(Any, feed.Relay);
        using var client = await PageClient.ConnectAsync(server);
        await client.SendAsync("""{"type":"watch","loop":"r3","images":true}""");
        feed.Publish(1);
        byte[] image = await client.WaitForImageAsync();
        Assert.Equal((1, 2), (image[0], image[1]));
        Assert.Equal(2, BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(2)));
        Assert.Equal(ScriptedFeed.Width, BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(4)));
        Assert.Equal(ScriptedFeed.Height, BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(6)));
        var pixels = feed.View(1).Loops[2].Image!.Pixels;
        for (int i = 0; i < pixels.Length; i++)
            Assert.Equal(pixels[i] == 128 ? 0 : pixels[i] < 128 ? 1 : 2, image[8 + i / 4] >> i % 4 * 2 & 3);
        feed.Publish(2);
        await client.WaitForAsync("state", s => s.GetProperty("detail").GetProperty("loop").GetString() == "r3");
    }

    [Fact]
    public async Task Live_ClientThatDoesNotRead_LosesOldFramesAndHoldsUpNobody()
    {
        var feed = new ScriptedFeed(width: 640, height: 480);
        await using var server = await LiveServer.StartAsync(Any, feed.Relay);
        using var slow = await PageClient.ConnectAsync(server);
        await slow.SendAsync("""{"type":"watch","loop":"r1","images":true}""");
        using var fast = await PageClient.ConnectAsync(server);
        await fast.WaitForAsync("hello");
        int step = 0;
        // 77 kB a frame: a few hundred fill every buffer between the two; each of them must reach the other client all the same.
        while (server.FramesDropped == 0)
        {
            Assert.True(++step < 5000, "nothing was ever dropped");
            feed.Publish(step);
            double time = Stamp.FromSeconds(step * 0.05).Seconds;
            await fast.WaitForAsync("state", s => s.GetProperty("time").GetDouble() == time);
        }
        Assert.Equal(2, server.Clients);
        feed.Publish(step + 1);
        double last = Stamp.FromSeconds((step + 1) * 0.05).Seconds;
        await slow.WaitForAsync("state", s => s.GetProperty("time").GetDouble() == last); // the oldest were lost, the newest is not
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://[::1]:80", true)]
    [InlineData("https://app.foxglove.dev", true)]
    [InlineData("http://robot.example:8765", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("https://app.foxglove.dev.evil.example", false)]
    [InlineData("http://app.foxglove.dev", false)]
    [InlineData("null", false)]
    public async Task Live_Origin_DecidesWhoMayConnect(string? origin, bool allowed)
    {
        await using var server = await LiveServer.StartAsync(Any with { AllowedOrigins = ["http://robot.example:8765"] }, new ScriptedFeed().Relay);
        if (allowed)
        {
            using var client = await PageClient.ConnectAsync(server, origin);
            await client.WaitForAsync("hello");
        }
        else
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => PageClient.ConnectAsync(server, origin));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Theory]
    [InlineData("/cycle", "evil.example", 421)]
    [InlineData("/", "evil.example:8765", 421)]
    [InlineData("/metrics", "robot.cluster", 200)]
    [InlineData("/", "192.168.1.5:8765", 200)]
    [InlineData("/", "[fe80::1]:8765", 200)]
    public async Task Get_UnderAForeignName_IsRefusedExceptForProbes(string path, string host, int status)
    {
        await using var server = await LiveServer.StartAsync(Any, new ScriptedFeed().Relay);
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Live_WithoutSubprotocol_Is400()
    {
        await using var server = await LiveServer.StartAsync(Any, new ScriptedFeed().Relay);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => PageClient.ConnectAsync(server, protocol: "something.else"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Live_MoreClientsThanAllowed_Is503()
    {
        await using var server = await LiveServer.StartAsync(Any with { MaxClients = 1 }, new ScriptedFeed().Relay);
        using var first = await PageClient.ConnectAsync(server);
        await first.WaitForAsync("hello");
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => PageClient.ConnectAsync(server));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }

    [Fact]
    public async Task Live_MessageTooLong_ClosesThatClientOnly()
    {
        var feed = new ScriptedFeed();
        await using var server = await LiveServer.StartAsync(Any, feed.Relay);
        using var client = await PageClient.ConnectAsync(server);
        using var other = await PageClient.ConnectAsync(server);
        await client.SendAsync(new string(' ', LiveSession.MaxMessageBytes + 1));
        while ((await client.ReceiveAsync()).Type != WebSocketMessageType.Close)
        {
            // Hello first.
        }
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.Closed);
        feed.Publish(1);
        await other.WaitForAsync("state");
    }

    [Fact]
    public async Task Start_PortInUse_IsOneClearError()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var error = await Assert.ThrowsAsync<EdgeException>(() => LiveServer.StartAsync(Any with { Port = port }, new ScriptedFeed().Relay));
        Assert.Equal(ExitCode.Io, error.Code);
        Assert.Equal($"The live endpoint cannot listen on 127.0.0.1:{port}: another program does; end it, or set another Live:Port (0 takes any free one).", error.Message);
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_IsOneClearError()
    {
        // 192.0.2.0/24 is reserved for documentation (RFC 5737), so no machine has it.
        var error = await Assert.ThrowsAsync<EdgeException>(() => LiveServer.StartAsync(Any with { Bind = "192.0.2.1" }, new ScriptedFeed().Relay));
        Assert.Equal(ExitCode.Io, error.Code);
        Assert.Contains("this machine has no such address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ControlForTheNetworkWithoutToken_IsAConfigurationError()
    {
        var error = await Assert.ThrowsAsync<EdgeException>(() => LiveServer.StartAsync(Any with { Bind = "0.0.0.0", AllowControl = true }, new ScriptedFeed().Relay));
        Assert.Equal(ExitCode.Configuration, error.Code);
        Assert.StartsWith("Live:Token is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_SaysGoodbyeAndFreesThePort()
    {
        var server = await LiveServer.StartAsync(Any, new ScriptedFeed().Relay);
        using var client = await PageClient.ConnectAsync(server);
        await client.WaitForAsync("hello");
        int port = server.Address.Port;
        await server.DisposeAsync();
        await server.DisposeAsync();
        while ((await client.ReceiveAsync()).Type != WebSocketMessageType.Close)
        {
            // Whatever was on its way.
        }
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.Closed);
        await using var next = await LiveServer.StartAsync(Any with { Port = port }, new ScriptedFeed().Relay);
        Assert.Equal(port, next.Address.Port);
    }

    [Fact]
    public async Task Root_WebSocketOfAnotherProtocol_IsHandedOn()
    {
        var echo = new Echo();
        await using var server = await LiveServer.StartAsync(Any, new ScriptedFeed().Relay, echo);
        using var client = await PageClient.ConnectAsync(server, path: "/", protocol: "echo.v1");
        Assert.Equal("echo.v1", client.Protocol);
        await client.SendAsync("ping");
        Assert.Equal("ping", Encoding.UTF8.GetString((await client.ReceiveAsync()).Bytes));
        Assert.False(echo.MayControl);
        Assert.Equal(WebSocketMessageType.Close, (await client.ReceiveAsync()).Type);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Closed);
    }

    [Fact]
    public async Task Root_WebSocketOfferingNothingKnown_NamesWhatIsKnown()
    {
        await using var server = await LiveServer.StartAsync(Any, new ScriptedFeed().Relay, new Echo());
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var (name, value) in new[] { ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==") })
            request.Headers.Add(name, value);
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        string sentence = await answer.Content.ReadAsStringAsync();
        Assert.Contains("'echo.v1'", sentence, StringComparison.Ordinal);
        Assert.Contains($"'{LiveServer.PageProtocol}' at /live", sentence, StringComparison.Ordinal);
    }

    private sealed class Echo : IWebSocketEndpoint
    {
        public bool MayControl { get; private set; } = true;

        public IReadOnlyList<string> Protocols { get; } = ["echo.v1"];

        public string? Choose(IList<string> requested) => requested.Contains("echo.v1") ? "echo.v1" : null;

        public async Task RunAsync(WebSocket socket, string protocol, ClientRights rights, CancellationToken cancellation)
        {
            MayControl = rights.MayControl;
            byte[] buffer = new byte[64];
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, cancellation);
        }
    }
}
