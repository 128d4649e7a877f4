using System.Net;
using System.Text;
using System.Text.Json;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A chat server without sockets.</summary>
internal sealed class ScriptedHandler(Func<string, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public List<string> Bodies { get; } = [];

    public List<string> Authorizations { get; } = [];

    public static string Envelope(string content) => JsonSerializer.Serialize(new { model = "fake", choices = new[] { new { message = new { role = "assistant", content } } } });

    public static HttpResponseMessage Ok(byte[] body) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };

    public static HttpResponseMessage Saying(string content) => Ok(Encoding.UTF8.GetBytes(Envelope(content)));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Content!.ReadAsStream(cancellationToken));
        Bodies.Add(reader.ReadToEnd());
        Authorizations.Add(request.Headers.Authorization?.ToString() ?? "");
        return answer(Bodies[^1], cancellationToken);
    }
}
