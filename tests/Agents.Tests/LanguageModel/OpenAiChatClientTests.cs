using System.Net.Sockets;
using Microsoft.Extensions.AI;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Real sockets: what a broken server does to the client.</summary>
public class OpenAiChatClientTests
{
    private static readonly ChatMessage[] _question = [new(ChatRole.User, "?")];

    [Fact]
    public async Task GetResponseAsync_GoodServer_ReturnsTheText()
    {
        await using var server = new FakeChatServer((s, c) => FakeChatServer.AnswerAsync(s, ScriptedHandler.Envelope("{\"action\":\"wait\"}"), c));
        using var client = Client(server);
        var response = await client.GetResponseAsync(_question);
        Assert.Equal(("{\"action\":\"wait\"}", "fake"), (response.Text, response.ModelId));
        var updates = new List<string>();
        await foreach (var update in client.GetStreamingResponseAsync(_question)) updates.Add(update.Text);
        Assert.Equal("{\"action\":\"wait\"}", string.Concat(updates));
    }

    public static TheoryData<string, Func<Socket, CancellationToken, Task>> Broken => new()
    {
        { "500", (s, c) => FakeChatServer.SendAsync(s, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", c) },
        { "redirect", (s, c) => FakeChatServer.SendAsync(s, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", c) },
        { "no HTTP", (s, c) => FakeChatServer.SendAsync(s, "hello\r\n\r\n", c) },
        { "closed at once", (s, _) => { s.Shutdown(SocketShutdown.Both); return Task.CompletedTask; } },
        { "reset", (s, _) => { s.LingerState = new LingerOption(true, 0); s.Close(); return Task.CompletedTask; } },
        { "half a body, then closed", (s, c) => FakeChatServer.SendAsync(s, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"choices\":[{\"mess", c) },
        { "huge by its word", (s, c) => FakeChatServer.SendAsync(s, "HTTP/1.1 200 OK\r\nContent-Length: 4000000000000\r\n\r\n" + new string(' ', 100_000), c) },
        { "huge in fact", (s, c) => FakeChatServer.AnswerAsync(s, new string(' ', 200_000), c) },
        { "compressed", (s, c) => FakeChatServer.SendAsync(s, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", c) },
        { "another service", (s, c) => FakeChatServer.AnswerAsync(s, "{\"status\":\"ok\"}", c) },
        { "two choices", (s, c) => FakeChatServer.AnswerAsync(s, "{\"choices\":[{},{}]}", c) },
        { "content is no text", (s, c) => FakeChatServer.AnswerAsync(s, "{\"choices\":[{\"message\":{\"content\":{}}}]}", c) },
        { "deep nesting", (s, c) => FakeChatServer.AnswerAsync(s, new string('[', 30_000), c) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task GetResponseAsync_BrokenServer_SaysSoInOneKindOfException(string name, Func<Socket, CancellationToken, Task> answer)
    {
        await using var server = new FakeChatServer(answer);
        using var client = Client(server);
        var e = await Assert.ThrowsAsync<LanguageModelException>(() => client.GetResponseAsync(_question));
        Assert.True(e.Message.Length is > 20 and < 400, name);
    }

    [Fact]
    public async Task GetResponseAsync_GoodAnswerBeyondTheCap_IsNotReadOn()
    {
        // Correct in all but its length: only the cap can refuse it. The second body never ends.
        string padded = ScriptedHandler.Envelope("{\"action\":\"wait\"}") + new string(' ', 70_000);
        await using (var server = new FakeChatServer((s, c) => FakeChatServer.AnswerAsync(s, padded, c)))
        {
            using var client = Client(server);
            Assert.Contains("longer than 65536", (await Assert.ThrowsAsync<LanguageModelException>(() => client.GetResponseAsync(_question))).Message, StringComparison.Ordinal);
        }
        var time = new VirtualTime();
        using var endless = new OpenAiChatClient(new LanguageModelOptions(), new ScriptedHandler((_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new DrippingStream(time, [], 1, TimeSpan.FromMilliseconds(1), breaks: false, endless: true)) })));
        Assert.Throws<LanguageModelException>(() => time.Run(() => endless.GetResponseAsync(_question)));
    }

    public static TheoryData<string, string> Stalls => new()
    {
        { "silent", "" },
        { "half a head", "HTTP/1.1 200 O" },
        { "half a body", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"choices\":[" },
        { "endless chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n     \r\n" },
    };

    /// <summary>The whole way with real sockets and threads: a server that stalls costs the deadline, and the planner decides.</summary>
    [Theory]
    [MemberData(nameof(Stalls))]
    public async Task Decision_OnAServerThatStalls_EndsByTheDeadline(string name, string beginning)
    {
        using var asked = new SemaphoreSlim(0);
        await using var server = new FakeChatServer(async (s, c) =>
        {
            await FakeChatServer.SendAsync(s, beginning, c);
            asked.Release();
            await Task.Delay(Timeout.Infinite, c);
        });
        using var client = Client(server);
        var (time, mission) = (new VirtualTime(), new CorridorMission());
        var runtime = new AgentRuntime(new PolicyLine(new LanguageModelPolicy(client, new LanguageModelOptions())), new GuardChain(new NoHazard(), time), time);
        var deciding = runtime.DecideAsync(mission);
        await asked.WaitAsync();
        while (!deciding.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
        var record = (await deciding).Record;
        Assert.True(record.Source == DecisionSource.Planner && record.Attempts[0].Failure == AttemptFailure.Deadline, $"{name}: {record.Attempts[0]}");
    }

    [Fact]
    public async Task GetResponseAsync_NobodyListens_SaysSo()
    {
        Uri gone;
        await using (var server = new FakeChatServer((_, _) => Task.CompletedTask)) gone = server.Endpoint;
        using var client = new OpenAiChatClient(new LanguageModelOptions { Endpoint = gone });
        await Assert.ThrowsAsync<LanguageModelException>(() => client.GetResponseAsync(_question));
    }

    [Fact]
    public async Task GetResponseAsync_SilentServer_EndsWithTheCallersToken()
    {
        using var asked = new SemaphoreSlim(0);
        await using var server = new FakeChatServer(async (_, c) =>
        {
            asked.Release();
            await Task.Delay(Timeout.Infinite, c);
        });
        using var client = Client(server);
        using var stop = new CancellationTokenSource();
        var asking = client.GetResponseAsync(_question, null, stop.Token);
        await asked.WaitAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public void GetService_ByType_GivesMetadataAndItself()
    {
        using var client = new OpenAiChatClient(new LanguageModelOptions { Model = "tiny" });
        Assert.Equal("tiny", client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Null(client.GetService(typeof(string)));
    }

    private static OpenAiChatClient Client(FakeChatServer server) => new(new LanguageModelOptions { Endpoint = server.Endpoint });
}
