namespace EdgeAutonomy.Agents;

/// <summary>The return attributor that a policy was trained with.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">Hash of its weights, lower-case hexadecimal.</param>
public sealed record BundleAttributor(string Id, string Version, string Sha256);
