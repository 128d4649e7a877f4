namespace EdgeAutonomy.Agents;

/// <summary>One file of a bundle.</summary>
/// <param name="Path">Where, relative to the bundle, parts divided by '/'.</param>
/// <param name="Sha256">Hash of its bytes, lower-case hexadecimal.</param>
/// <param name="Bytes">Its length.</param>
public sealed record BundleFile(string Path, string Sha256, long Bytes);
