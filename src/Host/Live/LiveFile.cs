namespace EdgeAutonomy.Host;

/// <summary>One file of the page.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Tag">Its entity tag, from the content.</param>
internal sealed record LiveFile(byte[] Content, string Type, string Tag);
