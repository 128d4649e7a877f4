namespace EdgeAutonomy.Recording;

/// <summary>One WebSocket message to be sent whole.</summary>
/// <param name="Data">Its bytes, valid until the session's next <see cref="FoxgloveSession.TryDequeue"/>.</param>
/// <param name="IsText">Whether it is a text message (UTF-8 JSON), else binary.</param>
public readonly record struct FoxgloveFrame(ReadOnlyMemory<byte> Data, bool IsText);
