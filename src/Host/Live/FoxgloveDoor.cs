using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The Foxglove server for all clients with the same rights, and what it does for them.</summary>
internal sealed class FoxgloveDoor : IFoxgloveHost
{
    private readonly FoxgloveServices _services;
    private readonly FoxgloveParameters _parameters;
    private readonly PlaybackControl? _playback;

    /// <summary>Opens the door.</summary>
    public FoxgloveDoor(FoxgloveServerOptions options, ClientRights rights, FoxgloveServices services, FoxgloveParameters parameters, PlaybackControl? playback, IMeasure measure)
    {
        (Rights, _services, _parameters, _playback) = (rights, services, parameters, playback);
        Server = new FoxgloveServer(options, this, measure);
        foreach (var service in services.All) Server.AddService(service);
    }

    /// <summary>Gets the server.</summary>
    public FoxgloveServer Server { get; }

    /// <summary>Gets what its clients may do.</summary>
    public ClientRights Rights { get; }

    /// <inheritdoc/>
    public bool AllowControl => _playback is null ? Rights.MayControl : Rights.MayStop;

    /// <summary>Says where a playback is in the words of the protocol.</summary>
    public static FoxglovePlaybackState StateOf(PlaybackState state) => new(
        state.Ended ? FoxglovePlaybackStatus.Ended : state.Paused ? FoxglovePlaybackStatus.Paused : FoxglovePlaybackStatus.Playing, state.Now, (float)state.Speed);

    /// <inheritdoc/>
    public IReadOnlyList<FoxgloveParameter> GetParameters(IReadOnlyList<string> names) => _parameters.Get(names);

    /// <inheritdoc/>
    public IReadOnlyList<FoxgloveParameter> SetParameters(IReadOnlyList<FoxgloveParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            string id = $"edge.parameter.{parameter.Name}";
            var answer = _parameters.Set(parameter, Rights);
            if (answer.Done) Server.RemoveStatus(id);
            else Server.PublishStatus(FoxgloveStatusLevel.Warning, $"Parameter '{Short(parameter.Name)}' was not set: {answer.Message}", id);
        }
        return _parameters.Get([.. parameters.Select(p => p.Name)]);
    }

    /// <inheritdoc/>
    public void Call(FoxgloveCall call) => _services.Run(call, Rights);

    /// <inheritdoc/>
    public void Receive(FoxgloveClientChannel channel, ReadOnlySpan<byte> message) => Server.PublishStatus(
        FoxgloveStatusLevel.Warning, $"Messages on '{Short(channel.Topic)}' are not taken: no loop here listens to a client's topic. Use the services under /edge.", "edge.publish");

    /// <inheritdoc/>
    public void Playback(FoxglovePlaybackRequest request)
    {
        // The server lets a request in only when there is a playback and the client may steer it.
        var answer = _playback!.Apply(new PlaybackChange(request.Play, request.Speed, request.Seek, request.RequestId));
        if (answer.Done) Server.RemoveStatus("edge.playback");
        else Server.PublishStatus(FoxgloveStatusLevel.Warning, answer.Message, "edge.playback");
    }

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
