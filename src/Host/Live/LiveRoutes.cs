using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeAutonomy.Host;

/// <summary>What the live endpoint answers, path by path.</summary>
internal sealed class LiveRoutes(
    LiveOptions options, ILiveFeed feed, LiveHub hub, LiveHealth health, IReadOnlyList<Metric> metrics, IWebSocketEndpoint? other, PlaybackControl? playback, CancellationToken ended)
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromMilliseconds(300);

    private readonly OriginPolicy _origins = new(options.AllowedOrigins);
    private readonly LiveControl _control = new(options, feed, playback);
    private int _clients;

    /// <summary>Adds every path.</summary>
    public void Map(WebApplication app)
    {
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.Use(Guard);
        app.MapGet("/", Root);
        app.MapGet("/page/{name}", (HttpContext context, string name) => File(context, name));
        app.MapGet("/live", Live);
        app.MapGet("/health", Health);
        app.MapGet("/healthz", Health);
        app.MapGet("/metrics", (HttpContext context) => Text(context, 200, PrometheusText.ContentType, Encoding.UTF8.GetBytes(PrometheusText.Write(metrics))));
        app.MapGet("/cycle", Cycle);
        app.MapFallback(context => Say(context, 404, $"There is nothing at {context.Request.Path}; try /, /health, /metrics or /cycle."));
    }

    private Task Guard(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        // Scrapers and probes may use any name for this machine; what a web page could read must not be had under a foreign one.
        string path = context.Request.Path.Value ?? "";
        if (path is not ("/health" or "/healthz" or "/metrics") && !_origins.AllowsHost(context.Request.Host.Host))
            return Say(context, 421, $"This machine is not known as '{context.Request.Host.Host}'; use its IP address, or add the address of the page to Live:AllowedOrigins.");
        return next(context);
    }

    private Task Root(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest) return File(context, "index.html");
        if (other?.Choose(context.WebSockets.WebSocketRequestedProtocols) is { } protocol)
            return Accept(context, protocol, socket => other.RunAsync(socket, protocol, RightsOf(context), ended));
        string known = other is null ? $"'{PageProtocol}' at /live" : string.Join(" or ", other.Protocols.Select(p => $"'{p}'")) + $", or '{PageProtocol}' at /live";
        return Say(context, 400, $"The WebSocket offers none of the subprotocols that are spoken here: {known}.");
    }

    private Task Live(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest) return Say(context, 400, $"/live is a WebSocket with the subprotocol '{PageProtocol}'.");
        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(PageProtocol))
            return Say(context, 400, $"The WebSocket does not offer the subprotocol '{PageProtocol}'.");
        return Accept(context, PageProtocol, async socket =>
        {
            var session = new LiveSession(socket, options, _control, playback, IsLocal(context), hub.CountDropped);
            hub.Add(session);
            try
            {
                await session.RunAsync(ended);
            }
            finally
            {
                hub.Remove(session);
            }
        });
    }

    private async Task Accept(HttpContext context, string protocol, Func<WebSocket, Task> serve)
    {
        string? origin = context.Request.Headers.Origin;
        if (!_origins.Allows(origin, context.Request.Host.Value ?? ""))
        {
            await Say(context, 403, $"Pages of {Shown(origin)} may not connect; add it to Live:AllowedOrigins to allow it.");
            return;
        }
        try
        {
            if (Interlocked.Increment(ref _clients) > options.MaxClients)
            {
                await Say(context, 503, $"There are {options.MaxClients} clients already; close one.");
                return;
            }
            using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol);
            try
            {
                await serve(socket);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
            {
                // The client is gone or the process ends; either way there is only the goodbye left.
            }
            await CloseAsync(socket);
        }
        finally
        {
            Interlocked.Decrement(ref _clients);
        }
    }

    private async Task CloseAsync(WebSocket socket)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        using var patience = new CancellationTokenSource(Goodbye);
        try
        {
            if (ended.IsCancellationRequested) await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The program ends.", patience.Token);
            else await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", patience.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // Nobody left to say goodbye to.
        }
    }

    private Task Health(HttpContext context)
    {
        var report = health.Check();
        return Text(context, report.Healthy ? 200 : 503, "application/json", Encoding.UTF8.GetBytes(JsonOutput.Serialize(report)));
    }

    private Task Cycle(HttpContext context) => feed.Latest is { } view
        ? Text(context, 200, "application/json", LiveJson.Cycle(options.Robot, view, health.Check()))
        : Text(context, 503, "application/json", "{\"error\":{\"message\":\"No cycle has been seen yet; ask again.\"}}"u8.ToArray());

    private static Task File(HttpContext context, string name)
    {
        if (LivePage.Find(name) is not { } file) return Say(context, 404, "The page has no such file.");
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = LivePage.ContentSecurityPolicy;
        headers.CacheControl = "no-cache"; // asked for again each time, answered with 304 while it is the same
        headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        }
        return Text(context, 200, file.Type, file.Content);
    }

    private static Task Say(HttpContext context, int status, string sentence) => Text(context, status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(sentence + "\n"));

    private static Task Text(HttpContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    // A protocol without a place for a token gets it in the address: ws://robot:8765/?token=…
    private ClientRights RightsOf(HttpContext context) => _control.RightsOf(context.Request.Query["token"], IsLocal(context));

    private static bool IsLocal(HttpContext context) => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private static string Shown(string? origin) => origin is null ? "nowhere" : string.Concat(origin.Take(100).Where(c => c is > ' ' and <= '~'));

    private static string PageProtocol => LiveServer.PageProtocol;
}
