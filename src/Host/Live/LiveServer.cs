using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAutonomy.Host;

/// <summary>The live endpoint: the page, its WebSocket, Foxglove's, health, metrics and the newest cycle, over HTTP.</summary>
/// <remarks>A small web host of its own inside the process: it reads no environment variables and no files, takes no signals, and its failure never stops a loop.</remarks>
public sealed class LiveServer : IAsyncDisposable
{
    /// <summary>The subprotocol of the page's own WebSocket, at /live.</summary>
    public const string PageProtocol = "edge.live.v1";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _ended;
    private readonly LiveHub _hub;
    private readonly MetricExport _export;
    private Task _pump = Task.CompletedTask;
    private int _disposed;

    private LiveServer(WebApplication app, LiveHub hub, MetricExport export, CancellationTokenSource ended) => (_app, _hub, _export, _ended) = (app, hub, export, ended);

    /// <summary>Gets the address to open in a browser.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Gets how many clients of the page there are.</summary>
    public int Clients => _hub.Clients;

    /// <summary>Gets how many frames slow clients did not get.</summary>
    public long FramesDropped => _hub.Dropped;

    /// <summary>Gets where metrics leave the process.</summary>
    internal MetricExport Export => _export;

    /// <summary>Starts to serve.</summary>
    /// <param name="options">Where, and what is allowed.</param>
    /// <param name="feed">What is shown and steered.</param>
    /// <param name="webSockets">The protocol at the path "/" beside the page, such as Foxglove's; null = none.</param>
    /// <param name="time">The time of health; null = the system's.</param>
    /// <param name="playback">The recording that is shown; null = running loops.</param>
    /// <exception cref="EdgeException">The settings are wrong (78), or the address cannot be had (74).</exception>
    public static async Task<LiveServer> StartAsync(LiveOptions options, ILiveFeed feed, IWebSocketEndpoint? webSockets = null, TimeProvider? time = null, PlaybackControl? playback = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(feed);
        if (options.Problems().FirstOrDefault() is { Message: { } problem, Remedy: var remedy }) throw new EdgeException(ExitCode.Configuration, $"{problem} {remedy}");
        var health = new LiveHealth(feed.Loops, options.StallLimit, time ?? TimeProvider.System, playback is not null || options.LoopsElsewhere);
        var hub = new LiveHub(feed, health, options.MaxHz, playback);
        IReadOnlyList<Metric> metrics = [.. LiveMetrics.Of(feed, hub), .. options.MoreMetrics];
        var ended = new CancellationTokenSource();
        var app = Build(options);
        var routes = new LiveRoutes(options, feed, hub, health, metrics, webSockets, playback, ended.Token);
        routes.Map(app);
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException)
        {
            await app.DisposeAsync();
            ended.Dispose();
            throw Refused(options, exception);
        }
        var otlp = options.OtlpEndpoint is null ? null : new Uri(options.OtlpEndpoint);
        return new LiveServer(app, hub, new MetricExport(metrics, options.Robot, otlp), ended) { Address = AddressOf(app, options), _pump = Task.Run(() => hub.RunAsync(ended.Token)) };
    }

    /// <summary>Says goodbye to every client and ends, within a second.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _ended.CancelAsync();
        try
        {
            await _pump;
        }
        catch (OperationCanceledException)
        {
            // The end that was asked for.
        }
        using (var patience = new CancellationTokenSource(Patience))
        {
            try
            {
                await _app.StopAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // A client that does not let go is cut off by the disposal below.
            }
        }
        await _app.DisposeAsync();
        await Task.Run(_export.Dispose); // may wait for the collector
        _ended.Dispose();
    }

    private static WebApplication Build(LiveOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "edge" });
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Patience);
        options.TryAddress(out var address);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxClients;
            kestrel.Limits.MaxConcurrentConnections = options.MaxClients + 64;
            kestrel.Limits.MaxRequestBodySize = 1 << 16;
            kestrel.Limits.MaxRequestHeadersTotalSize = 1 << 14;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
            kestrel.Listen(address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication app, LiveOptions options)
    {
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        int port = new Uri(bound).Port;
        options.TryAddress(out var address);
        // Nobody can open 0.0.0.0 in a browser.
        if (address.Equals(IPAddress.Any)) address = IPAddress.Loopback;
        if (address.Equals(IPAddress.IPv6Any)) address = IPAddress.IPv6Loopback;
        return new UriBuilder("http", address.ToString(), port).Uri;
    }

    private static EdgeException Refused(LiveOptions options, Exception exception)
    {
        string at = $"{options.Bind}:{options.Port}";
        var socket = exception as SocketException ?? exception.InnerException as SocketException ?? exception.InnerException?.InnerException as SocketException;
        if (exception.InnerException is AddressInUseException || socket?.SocketErrorCode == SocketError.AddressAlreadyInUse)
            return new EdgeException(ExitCode.Io, $"The live endpoint cannot listen on {at}: another program does; end it, or set another Live:Port (0 takes any free one).", exception);
        return socket?.SocketErrorCode switch
        {
            SocketError.AddressNotAvailable => new EdgeException(ExitCode.Io, $"The live endpoint cannot listen on {at}: this machine has no such address; set Live:Bind to one that it has, or to 127.0.0.1.", exception),
            SocketError.AccessDenied => new EdgeException(ExitCode.Io, $"The live endpoint cannot listen on {at}: ports below 1024 need a right; set another Live:Port.", exception),
            _ => new EdgeException(ExitCode.Io, $"The live endpoint cannot listen on {at}: {exception.Message}", exception),
        };
    }
}
