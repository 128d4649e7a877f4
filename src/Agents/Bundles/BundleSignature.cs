namespace EdgeAutonomy.Agents;

/// <summary>Who vouches for a bundle.</summary>
/// <param name="Alg">The algorithm; <see cref="EcdsaP256Sha256"/> is the only one.</param>
/// <param name="KeyId">Which key.</param>
/// <param name="Value">The signature, 64 bytes (r, s) in Base64.</param>
public sealed record BundleSignature(string Alg, string KeyId, string Value)
{
    /// <summary>ECDSA on curve P-256 over SHA-256, r and s of fixed length (IEEE P1363).</summary>
    public const string EcdsaP256Sha256 = "ecdsa-p256-sha256";
}
