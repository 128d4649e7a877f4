using System.Net.WebSockets;

namespace EdgeAutonomy.Host;

/// <summary>A protocol that speaks over WebSockets at the path "/", chosen by the subprotocols a client offers.</summary>
public interface IWebSocketEndpoint
{
    /// <summary>Gets the subprotocols it speaks, best first.</summary>
    IReadOnlyList<string> Protocols { get; }

    /// <summary>Chooses a subprotocol.</summary>
    /// <param name="requested">What the client offers.</param>
    /// <returns>One of them; null when it speaks none.</returns>
    string? Choose(IList<string> requested);

    /// <summary>Serves one client until it or the process ends.</summary>
    /// <param name="socket">The open socket; closed by the caller afterwards.</param>
    /// <param name="protocol">The subprotocol that was chosen.</param>
    /// <param name="rights">What this client may do.</param>
    /// <param name="cancellation">The end of the process. A receive that is cancelled aborts the socket; to say goodbye, return with none under way.</param>
    Task RunAsync(WebSocket socket, string protocol, ClientRights rights, CancellationToken cancellation);
}
