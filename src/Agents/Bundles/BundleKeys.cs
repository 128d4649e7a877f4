using System.Security.Cryptography;

namespace EdgeAutonomy.Agents;

/// <summary>The public keys whose signatures count on this robot.</summary>
/// <remarks>Thread-safe. There is no way to trust a key by a bundle: keys come from configuration.</remarks>
public sealed class BundleKeys
{
    private readonly SortedDictionary<string, ECParameters> _keys = new(StringComparer.Ordinal);

    /// <summary>Adds a key.</summary>
    /// <param name="keyId">Its name in signatures.</param>
    /// <param name="pem">The public key as PEM, on curve P-256.</param>
    /// <exception cref="ArgumentException">It is no public key on P-256, or the name is taken.</exception>
    public BundleKeys With(string keyId, string pem)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new ArgumentException($"Bundle key '{keyId}' is no PEM of an EC public key.", nameof(pem), e);
        }
        var parameters = key.ExportParameters(includePrivateParameters: false);
        if (parameters.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value) throw new ArgumentException($"Bundle key '{keyId}' is on curve {parameters.Curve.Oid.FriendlyName}; must be on P-256.", nameof(pem));
        lock (_keys)
        {
            if (!_keys.TryAdd(keyId, parameters)) throw new ArgumentException($"Bundle key '{keyId}' is there already.", nameof(keyId));
        }
        return this;
    }

    /// <summary>Signs a manifest.</summary>
    /// <param name="manifest">The manifest; a signature that it has is replaced.</param>
    /// <param name="keyId">The key's name.</param>
    /// <param name="key">The private key, on P-256. Belongs to whoever trains, never to a robot.</param>
    public static BundleManifest Sign(BundleManifest manifest, string keyId, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(key);
        if (key.KeySize != 256) throw new ArgumentException($"The key has {key.KeySize} bits; must be on P-256.", nameof(key));
        byte[] value = key.SignData(manifest.ToSignedBytes(), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return manifest with { Signature = new BundleSignature(BundleSignature.EcdsaP256Sha256, keyId, Convert.ToBase64String(value)) };
    }

    /// <summary>Checks a manifest's signature.</summary>
    /// <exception cref="BundleException">It has none, by another algorithm, by a key that is not trusted, or it does not fit.</exception>
    internal void Verify(BundleManifest manifest)
    {
        if (manifest.Signature is not { } signature) throw Bad("it is not signed");
        if (signature.Alg != BundleSignature.EcdsaP256Sha256) throw Bad($"algorithm '{UntrustedText.Clean(signature.Alg, 40)}' is unknown, {BundleSignature.EcdsaP256Sha256} is the only one");
        ECParameters parameters;
        lock (_keys)
        {
            if (!_keys.TryGetValue(signature.KeyId, out parameters)) throw Bad($"key '{UntrustedText.Clean(signature.KeyId, 40)}' is not trusted here");
        }
        var value = new byte[64];
        if (!Convert.TryFromBase64String(signature.Value, value, out int length) || length != 64) throw Bad("its value is not 64 bytes in Base64");
        using var key = ECDsa.Create(parameters);
        if (!key.VerifyData(manifest.ToSignedBytes(), value, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)) throw Bad($"it does not fit key '{signature.KeyId}'");
    }

    private static BundleException Bad(string what) => new(BundleRefusal.Signature, $"Bundle signature: {what}.");
}
