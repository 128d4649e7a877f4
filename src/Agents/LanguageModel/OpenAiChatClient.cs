using System.Buffers;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace EdgeAutonomy.Agents;

/// <summary>Talks to a server with an OpenAI-compatible <c>chat/completions</c>: llama.cpp, Ollama, vLLM.</summary>
/// <remarks>
/// Reads no more than <see cref="LanguageModelOptions.MaxBodyBytes"/> of an answer, follows no redirect, uses no proxy and no cookies, and accepts no
/// compressed body. Has no time limit of its own: the caller's token is one. Thread-safe.
/// </remarks>
public sealed class OpenAiChatClient : IChatClient
{
    /// <summary>The key under which <see cref="ChatOptions.AdditionalProperties"/> carries a GBNF grammar.</summary>
    public const string GrammarKey = "grammar";

    private readonly LanguageModelOptions _options;
    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <summary>Makes a client.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="handler">What carries the requests; null for real sockets. Disposed with the client.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public OpenAiChatClient(LanguageModelOptions options, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _address = new Uri(options.Endpoint, "chat/completions");
        // Redirects and proxies would send prompts, and the key, to places that nobody configured.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, MaxResponseHeadersLength = 16 }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(ChatWire.Write(messages, options, _options)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (_options.Authorization.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", _options.Authorization);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw new LanguageModelException($"{_options}: the server answered {(int)response.StatusCode}; see its log.");
            if (response.Content.Headers.ContentEncoding.Count > 0) throw new LanguageModelException($"{_options}: the answer is compressed, which was not asked for.");
            return ChatWire.Read(await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false), _options);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new LanguageModelException($"{_options}: the connection failed ({e.GetType().Name}); is the server running?", e);
        }
    }

    /// <summary>Gives the whole answer as one update: a command of a dozen tokens gains nothing from streaming.</summary>
    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return new ChatClientMetadata("openai-compatible", _options.Endpoint, _options.Model);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken cancel)
    {
        // The stated length is not believed: memory grows with what really arrives.
        var body = new ArrayBufferWriter<byte>(4096);
        using var stream = await content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        while (true)
        {
            int read = await stream.ReadAsync(body.GetMemory(1024), cancel).ConfigureAwait(false);
            if (read == 0) return body.WrittenMemory;
            body.Advance(read);
            if (body.WrittenCount > _options.MaxBodyBytes) throw new LanguageModelException($"{_options}: the answer is longer than {_options.MaxBodyBytes} bytes and was not read further.");
        }
    }
}
