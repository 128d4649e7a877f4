using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The live side of a run: the endpoint, and the consumer of records that feeds it.</summary>
internal sealed class RunView : IDisposable
{
    private readonly LiveRelay _relay;
    private readonly LiveServer _server;
    private readonly double _maxHz;

    private RunView(LiveRelay relay, LiveServer server, double maxHz)
    {
        _relay = relay;
        _server = server;
        _maxHz = maxHz;
    }

    /// <summary>Gets the address of the page.</summary>
    public Uri Address => _server.Address;

    /// <summary>Opens the endpoint.</summary>
    /// <param name="options">Where, and who may do what.</param>
    /// <param name="loops">The loops it shows.</param>
    /// <param name="submit">Gives an input to a loop; false = it did not fit.</param>
    /// <exception cref="EdgeException">The port is taken, or the address is not this machine's.</exception>
    public static RunView Start(LiveOptions options, IReadOnlyList<IControlLoop> loops, Func<string, LoopInput, bool> submit)
    {
        var relay = new LiveRelay(loops, submit);
        return new RunView(relay, LiveServer.StartAsync(options, relay).GetAwaiter().GetResult(), options.MaxHz);
    }

    /// <summary>Makes the consumer that feeds the endpoint.</summary>
    public IRecordConsumer Consumer(IReadOnlyList<RecordLane> lanes) => new ViewConsumer(lanes, _maxHz, _relay.Publish);

    /// <inheritdoc/>
    public void Dispose() => _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
