namespace EdgeAutonomy.Recording;

/// <summary>What writing one kind of traffic cost.</summary>
/// <param name="Case">"telemetry", "small" or "frames".</param>
/// <param name="Target">"nothing" or "file".</param>
/// <param name="Messages">Messages written.</param>
/// <param name="MessageBytes">Bytes of each.</param>
/// <param name="MessagesPerSecond">Messages per second, the system's cache taking the file.</param>
/// <param name="BytesPerSecond">Bytes of the file per second, likewise.</param>
/// <param name="SyncSeconds">Seconds that the disk needed afterwards.</param>
/// <param name="AllocatedPerMessage">Managed bytes allocated per message; growth of the indexes of a long file.</param>
public sealed record McapFigures(
    string Case, string Target, int Messages, int MessageBytes, double MessagesPerSecond, double BytesPerSecond, double SyncSeconds, double AllocatedPerMessage);
