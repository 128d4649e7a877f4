using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Loads bundles, and refuses every one that is not whole, not signed, not for this world or does not compute as it did where it was made.</summary>
/// <remarks>
/// Files that a manifest knows by name: <c>weights.onnx</c> (every float tensor must be finite), <c>weights.bin</c> (float32, little-endian) and
/// <c>selftest.json</c>, <c>{"input":[…],"output":[…]}</c>, which a compact policy must have. Thread-safe as long as its probe is.
/// </remarks>
public sealed class BundleLoader
{
    /// <summary>The golden pair's file.</summary>
    public const string SelfTestFile = "selftest.json";

    /// <summary>How far an output may be from the golden one, absolute: 1e-4.</summary>
    public const float SelfTestTolerance = 1e-4f;

    private const long MaxFileBytes = 1L << 28;

    private readonly BundleKeys _keys;
    private readonly BundleExpectations _expected;
    private readonly IBundleProbe? _probe;

    /// <summary>Makes a loader.</summary>
    /// <param name="keys">Whose signatures count.</param>
    /// <param name="expected">The running world model.</param>
    /// <param name="probe">Runs self-tests; null where no compact policy is loaded (such a bundle is refused then).</param>
    public BundleLoader(BundleKeys keys, BundleExpectations expected, IBundleProbe? probe = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(expected);
        (_keys, _expected, _probe) = (keys, expected, probe);
    }

    /// <summary>Loads a bundle from a folder.</summary>
    /// <param name="folder">The folder with the manifest.</param>
    /// <param name="id">The id it must have; any when null.</param>
    /// <exception cref="BundleException">It is refused; <see cref="BundleException.Refusal"/> names the rule.</exception>
    public PolicyBundle Load(string folder, string? id = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            return Check(folder, id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(BundleRefusal.Missing, $"Bundle {folder}: {e.Message}");
        }
    }

    /// <summary>Reads a manifest and checks nothing but its id.</summary>
    internal static BundleManifest ReadManifest(string folder, string id)
    {
        try
        {
            return Manifest(folder, id).Manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(BundleRefusal.Missing, $"Bundle {folder}: {e.Message}");
        }
    }

    private static (BundleManifest Manifest, string Id) Manifest(string folder, string? id)
    {
        byte[] text = ReadWhole(folder, BundleManifest.FileName, 1 << 20);
        string contentId = Convert.ToHexStringLower(SHA256.HashData(text));
        if (id is not null && contentId != id) throw new BundleException(BundleRefusal.WrongId, $"Bundle {folder}: the manifest's hash is {contentId}, it is stored as {id}; it is damaged.");
        return (ManifestReader.Read(text), contentId);
    }

    private PolicyBundle Check(string folder, string? id)
    {
        var (manifest, contentId) = Manifest(folder, id);
        _keys.Verify(manifest);
        Fits("actions", manifest.ActionVocabularySha256, _expected.ActionVocabularySha256, BundleRefusal.Vocabulary);
        Fits("observations", manifest.ObservationSchemaSha256, _expected.ObservationSchemaSha256, BundleRefusal.Observation);
        Fits("domain", manifest.DomainSha256, _expected.DomainSha256, BundleRefusal.Domain);
        var files = ImmutableSortedDictionary.CreateBuilder<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in manifest.Files) files[file.Path] = ReadFile(folder, file);
        var bundle = new PolicyBundle(contentId, manifest, files.ToImmutable());
        CheckWeights(bundle);
        CheckSelfTest(bundle);
        return bundle;
    }

    private static byte[] ReadFile(string folder, BundleFile file)
    {
        byte[] bytes = ReadWhole(folder, file.Path, file.Bytes);
        if (bytes.Length != file.Bytes) throw new BundleException(BundleRefusal.File, $"Bundle file '{file.Path}' has {bytes.Length} bytes, the manifest says {file.Bytes}.");
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return hash == file.Sha256 ? bytes : throw new BundleException(BundleRefusal.File, $"Bundle file '{file.Path}': hash is {hash}, the manifest says {file.Sha256}.");
    }

    private static byte[] ReadWhole(string folder, string path, long limit)
    {
        string full = Path.GetFullPath(Path.Combine(folder, path)), root = Path.GetFullPath(folder);
        // A link could show a checked file now and another one later, or one outside.
        for (string? at = full; at is not null && at.Length > root.Length; at = Path.GetDirectoryName(at))
        {
            if (new FileInfo(at).LinkTarget is not null) throw new BundleException(BundleRefusal.Path, $"Bundle file '{path}' is reached by a symbolic link.");
        }
        if (!File.Exists(full)) throw new BundleException(path == BundleManifest.FileName ? BundleRefusal.Missing : BundleRefusal.File, $"Bundle file '{full}' is absent.");
        using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length > Math.Min(limit, MaxFileBytes)) throw new BundleException(BundleRefusal.File, $"Bundle file '{path}' has {stream.Length} bytes, at most {Math.Min(limit, MaxFileBytes)} are allowed.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void Fits(string what, string has, string wants, BundleRefusal refusal)
    {
        if (has != wants) throw new BundleException(refusal, $"Bundle: its {what} have hash {has}, the running world model has {wants}; train or export it for this world.");
    }

    private static void CheckWeights(PolicyBundle bundle)
    {
        foreach (var file in bundle.Manifest.Files)
        {
            if (file.Path == "weights.onnx") CheckOnnx(bundle.File(file.Path), file.Path);
            if (file.Path != "weights.bin") continue;
            var bytes = bundle.File(file.Path).Span;
            if (bytes.Length % 4 != 0) throw Weights($"'{file.Path}' has {bytes.Length} bytes, which are no whole count of float32");
            CheckFinite(MemoryMarshal.Cast<byte, float>(bytes), file.Path);
        }
    }

    private static void CheckOnnx(ReadOnlyMemory<byte> bytes, string path)
    {
        OnnxModel model;
        try
        {
            model = OnnxModel.Read(bytes.Span, path);
        }
        catch (InvalidDataException e)
        {
            throw Weights(e.Message);
        }
        foreach (var tensor in model.Initializers) CheckTensor(tensor, path);
        foreach (var attribute in model.Nodes.SelectMany(n => n.Attributes))
        {
            CheckFinite([attribute.Number, .. attribute.Numbers], $"{path}, attribute '{attribute.Name}'");
            if (attribute.Tensor is not null) CheckTensor(attribute.Tensor, path);
        }
    }

    private static void CheckTensor(OnnxTensor tensor, string path)
    {
        string where = $"{path}, tensor '{tensor.Name}'";
        if (tensor.Element == OnnxElement.F32) CheckFinite(tensor.Singles, where);
        if (tensor.Element == OnnxElement.F64 && MemoryMarshal.Cast<byte, double>(tensor.Bytes).ToArray().Any(w => !double.IsFinite(w))) throw Weights($"a weight of {UntrustedText.Clean(where, 120)} is not finite");
        if (tensor.Element == OnnxElement.F16 && MemoryMarshal.Cast<byte, Half>(tensor.Bytes).ToArray().Any(w => !Half.IsFinite(w))) throw Weights($"a weight of {UntrustedText.Clean(where, 120)} is not finite");
    }

    private static void CheckFinite(ReadOnlySpan<float> weights, string where)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (!float.IsFinite(weights[i])) throw Weights($"weight {i} of {UntrustedText.Clean(where, 120)} is {weights[i].ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private void CheckSelfTest(PolicyBundle bundle)
    {
        bool has = bundle.Manifest.Files.Any(f => f.Path == SelfTestFile);
        if (!has && bundle.Manifest.Kind != BundleKind.Compact) return;
        if (!has) throw SelfTest($"a compact policy needs '{SelfTestFile}'");
        if (_probe is null) throw SelfTest("nothing here can run it");
        var (input, golden) = ReadPair(bundle.File(SelfTestFile));
        float[] output;
        try
        {
            output = _probe.Run(bundle, input);
        }
        catch (Exception e)
        {
            throw SelfTest($"running it failed: {e.GetType().Name}: {UntrustedText.Clean(e.Message, 160)}");
        }
        if (output.Length != golden.Length) throw SelfTest($"it gives {output.Length} numbers, the golden output has {golden.Length}");
        for (int i = 0; i < golden.Length; i++)
        {
            // Written so that a result that is not a number fails.
            if (!(Math.Abs(output[i] - golden[i]) <= SelfTestTolerance)) throw SelfTest(string.Create(CultureInfo.InvariantCulture, $"output {i} is {output[i]}, golden is {golden[i]}, {SelfTestTolerance} apart are allowed"));
        }
    }

    private static (float[] Input, float[] Output) ReadPair(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            float[] Numbers(string name) => [.. document.RootElement.GetProperty(name).EnumerateArray().Select(n => n.GetSingle())];
            var pair = (Numbers("input"), Numbers("output"));
            return pair.Item2.Length > 0 ? pair : throw SelfTest("its golden output is empty");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw SelfTest($"'{SelfTestFile}' is not {{\"input\":[…],\"output\":[…]}}");
        }
    }

    private static BundleException Weights(string what) => new(BundleRefusal.Weights, $"Bundle weights: {what}.");

    private static BundleException SelfTest(string what) => new(BundleRefusal.SelfTest, $"Bundle self-test: {what}.");
}
