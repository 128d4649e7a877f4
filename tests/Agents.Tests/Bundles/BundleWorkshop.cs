using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Makes signed bundles in a folder of its own, and the loader that trusts them.</summary>
internal sealed class BundleWorkshop : IDisposable
{
    public static readonly BundleExpectations World = new(Hash("actions"), Hash("observations"), Hash("domain"));

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _count;

    public BundleWorkshop() => Keys = new BundleKeys().With("lab", PublicPem);

    public string Root { get; } = Directory.CreateTempSubdirectory("edge-bundles-").FullName;

    public string StoreRoot => Path.Combine(Root, "store");

    public BundleKeys Keys { get; }

    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    public BundleLoader Loader => new(Keys, World, new SumProbe());

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a bundle and returns its folder.</summary>
    public string Make(Func<BundleManifest, BundleManifest>? change = null, float[]? weights = null, Action<string>? afterwards = null, string selfTest = "{\"input\":[1,2],\"output\":[3]}", bool sign = true)
    {
        string folder = Path.Combine(Root, $"bundle-{_count++}");
        Directory.CreateDirectory(folder);
        var files = ImmutableArray.CreateBuilder<BundleFile>();
        void Add(string path, byte[] bytes)
        {
            File.WriteAllBytes(Path.Combine(folder, path), bytes);
            files.Add(new BundleFile(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length));
        }

        Add("eval.json", "{}"u8.ToArray());
        Add("weights.bin", MemoryMarshal.AsBytes<float>(weights ?? [1, 2, 3]).ToArray());
        Add("selftest.json", Encoding.UTF8.GetBytes(selfTest));
        var manifest = new BundleManifest($"policy-{_count}", BundleKind.Compact, "", "2030-01-31T23:59:59Z", files.ToImmutable(), World.ActionVocabularySha256, World.ObservationSchemaSha256, World.DomainSha256, new BundleAttributor("potential", "1", Hash("phi")), Hash("data"), [1, 2, 3], "eval.json", null, null);
        manifest = change?.Invoke(manifest) ?? manifest;
        if (sign) manifest = BundleKeys.Sign(manifest, "lab", _key);
        File.WriteAllBytes(Path.Combine(folder, "manifest.json"), manifest.ToBytes());
        afterwards?.Invoke(folder);
        return folder;
    }

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>A policy whose output is the sum of its inputs.</summary>
    internal sealed class SumProbe : IBundleProbe
    {
        public float[] Run(PolicyBundle bundle, ReadOnlySpan<float> input)
        {
            float sum = 0;
            foreach (float x in input) sum += x;
            return [sum];
        }
    }
}
