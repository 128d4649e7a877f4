namespace EdgeAutonomy.Recording;

/// <summary>Decides what clients may do and does it. The server never changes anything by itself.</summary>
/// <remarks>Called on the threads that read from clients, several at a time. An exception is reported to the client as a status, never thrown on.</remarks>
public interface IFoxgloveHost
{
    /// <summary>Gets whether clients may set parameters, publish, steer a playback and call services that need control. Asked each time; default no.</summary>
    bool AllowControl => false;

    /// <summary>Returns parameters by name; all of them when no name is given. Unknown names are left out.</summary>
    IReadOnlyList<FoxgloveParameter> GetParameters(IReadOnlyList<string> names) => [];

    /// <summary>Sets parameters and returns what they are now; whoever subscribed to them is told by the server. Only called with control.</summary>
    IReadOnlyList<FoxgloveParameter> SetParameters(IReadOnlyList<FoxgloveParameter> parameters) => GetParameters([.. parameters.Select(p => p.Name)]);

    /// <summary>Carries out a call of a service and answers it, now or later. Only called with control, or when the service does not need it.</summary>
    void Call(FoxgloveCall call) => call?.Fail("This service is not carried out here.");

    /// <summary>Takes a message from a client. Only called with control.</summary>
    /// <param name="channel">The channel that the client opened.</param>
    /// <param name="message">The message, valid only during the call.</param>
    void Receive(FoxgloveClientChannel channel, ReadOnlySpan<byte> message)
    {
    }

    /// <summary>Takes what a client wants of the playback. Only called with control.</summary>
    void Playback(FoxglovePlaybackRequest request)
    {
    }

    /// <summary>Returns an asset, such as a robot's model, by its address; null = there is none.</summary>
    byte[]? FetchAsset(string uri) => null;
}
