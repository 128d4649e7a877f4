namespace EdgeAutonomy.Recording;

/// <summary>A named set of pairs.</summary>
/// <param name="Name">Its name; several may have the same one.</param>
/// <param name="Values">The pairs.</param>
/// <param name="Offset">Where its record starts, in bytes.</param>
public sealed record McapMetadata(string Name, IReadOnlyDictionary<string, string> Values, long Offset);
