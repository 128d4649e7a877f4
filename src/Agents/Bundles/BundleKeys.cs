using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace EdgeAutonomy.Agents;

/// <summary>The public keys whose signatures count on this robot.</summary>
/// <remarks>Thread-safe. There is no way to trust a key by a bundle: keys come from configuration.</remarks>
public sealed class BundleKeys
{
    // The order n of P-256, FIPS 186-4 D.1.2.3.
    private static readonly BigInteger _order = BigInteger.Parse("115792089210356248762697446949407573529996955224135760342422259061068512044369", CultureInfo.InvariantCulture);

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
        if (S(value) is var s && s > _order / 2) WriteS(value, _order - s);
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
        // One content, one id: the same signature in another spelling, or its twin (r, n − s), would give a bundle that was denied another id.
        if (!Convert.TryFromBase64String(signature.Value, value, out int length) || length != 64 || Convert.ToBase64String(value) != signature.Value) throw Bad("its value is not 64 bytes in canonical Base64");
        if (S(value) > _order / 2) throw Bad("its value is the larger of the two that fit (s above half of the order); sign with 'edge policy pack'");
        using var key = ECDsa.Create(parameters);
        if (!key.VerifyData(manifest.ToSignedBytes(), value, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)) throw Bad($"it does not fit key '{signature.KeyId}'");
    }

    private static BigInteger S(ReadOnlySpan<byte> value) => new(value[32..], isUnsigned: true, isBigEndian: true);

    private static void WriteS(Span<byte> value, BigInteger s)
    {
        value[32..].Clear();
        s.TryWriteBytes(value[(64 - s.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
    }

    private static BundleException Bad(string what) => new(BundleRefusal.Signature, $"Bundle signature: {what}.");
}
