namespace EdgeAutonomy.Recording;

/// <summary>Something that a client may call.</summary>
/// <param name="Name">Its name, such as "/edge/safe_stop".</param>
/// <param name="NeedsControl">Whether calling it changes the robot's course, so that <see cref="IFoxgloveHost.AllowControl"/> must hold. A safe stop does not need it.</param>
/// <param name="Request">JSON schema of the request, an object.</param>
/// <param name="Response">JSON schema of the response, an object.</param>
public sealed record FoxgloveService(string Name, bool NeedsControl = true, string Request = """{"type":"object"}""", string Response = """{"type":"object"}""")
{
    /// <summary>Gets the number that the server gave it.</summary>
    public uint Id { get; internal init; }
}
