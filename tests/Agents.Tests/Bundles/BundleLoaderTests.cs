using System.Security.Cryptography;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class BundleLoaderTests : IDisposable
{
    private readonly BundleWorkshop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Load_GoodBundle_GivesWhatWasSigned()
    {
        string folder = _shop.Make();
        var bundle = _shop.Loader.Load(folder);
        Assert.Equal(bundle.Manifest.ContentId(), bundle.Id);
        Assert.Equal("{}"u8.ToArray(), bundle.File("eval.json").ToArray());
        Assert.Equal(bundle.Id, _shop.Loader.Load(folder, bundle.Id).Id);
    }

    [Fact]
    public void ToBytes_OfAManifest_IsCanonical()
    {
        string text = Encoding.UTF8.GetString(_shop.Loader.Load(_shop.Make()).Manifest.ToBytes());
        Assert.StartsWith("{\"actionVocabularySha256\":\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(' ', text);
        int[] order = [.. new[] { "\"attributor\":", "\"created\":", "\"domainSha256\":", "\"evalReport\":", "\"files\":[{\"bytes\":2,\"path\":\"eval.json\",\"sha256\":", "\"kind\":\"compact\"", "\"schema\":1", "\"seeds\":[1,2,3]", "\"signature\":{\"alg\":", "\"trainDataSha256\":" }.Select(m => text.IndexOf(m, StringComparison.Ordinal))];
        Assert.Equal(order.Order(), order);
        Assert.DoesNotContain(-1, order);
    }

    public static TheoryData<string, BundleRefusal> Refusals => new()
    {
        { "no manifest", BundleRefusal.Missing },
        { "no folder", BundleRefusal.Missing },
        { "unsigned", BundleRefusal.Signature },
        { "strange key", BundleRefusal.Signature },
        { "signed by another", BundleRefusal.Signature },
        { "other algorithm", BundleRefusal.Signature },
        { "changed after signing", BundleRefusal.Signature },
        { "white space", BundleRefusal.Malformed },
        { "duplicate member", BundleRefusal.Malformed },
        { "unknown member", BundleRefusal.Malformed },
        { "deep", BundleRefusal.Malformed },
        { "huge manifest", BundleRefusal.File },
        { "newer schema", BundleRefusal.NewerSchema },
        { "wrong id", BundleRefusal.WrongId },
        { "path up", BundleRefusal.Path },
        { "path absolute", BundleRefusal.Path },
        { "path backslash", BundleRefusal.Path },
        { "path hidden", BundleRefusal.Path },
        { "path manifest", BundleRefusal.Path },
        { "path twice", BundleRefusal.Malformed },
        { "symbolic link", BundleRefusal.Path },
        { "file gone", BundleRefusal.File },
        { "file longer", BundleRefusal.File },
        { "file changed", BundleRefusal.File },
        { "actions", BundleRefusal.Vocabulary },
        { "observations", BundleRefusal.Observation },
        { "domain", BundleRefusal.Domain },
        { "NaN", BundleRefusal.Weights },
        { "infinity", BundleRefusal.Weights },
        { "odd weights", BundleRefusal.Weights },
        { "no ONNX", BundleRefusal.Weights },
        { "NaN in ONNX", BundleRefusal.Weights },
        { "golden output", BundleRefusal.SelfTest },
        { "golden length", BundleRefusal.SelfTest },
        { "no golden pair", BundleRefusal.SelfTest },
        { "no probe", BundleRefusal.SelfTest },
        { "report not listed", BundleRefusal.Malformed },
        { "kind without model", BundleRefusal.Malformed },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Load_BadBundle_NamesTheRule(string name, BundleRefusal expected)
    {
        var e = Assert.Throws<BundleException>(() => Load(name));
        Assert.True(expected == e.Refusal, $"{name}: {e.Refusal}, {e.Message}");
        Assert.True(e.Message.Length is > 20 and < 500, e.Message);
    }

    [Fact]
    public void Load_OutputWithinTolerance_Passes()
    {
        _shop.Loader.Load(_shop.Make(selfTest: "{\"input\":[1,2],\"output\":[3.00009]}"));
        Assert.Throws<BundleException>(() => _shop.Loader.Load(_shop.Make(selfTest: "{\"input\":[1,2],\"output\":[3.00011]}")));
    }

    [Fact]
    public void Load_ManifestWithAnyByteChanged_IsRefusedWithoutAnyOtherException()
    {
        string folder = _shop.Make(), path = Path.Combine(folder, "manifest.json");
        byte[] good = File.ReadAllBytes(path);
        var random = new RandomStream(11);
        for (int i = 0; i < 400; i++)
        {
            byte[] bad = [.. good];
            bad[random.NextInt32(bad.Length)] ^= (byte)(1 << random.NextInt32(8));
            File.WriteAllBytes(path, random.NextInt32(4) == 0 ? bad[..random.NextInt32(bad.Length)] : bad);
            Assert.Throws<BundleException>(() => _shop.Loader.Load(folder));
        }
    }

    // Both would give a bundle that stands on the deny list a second id, without the key: the spelling's unused bits, and the signature's twin (r, n − s).
    [Fact]
    public void Load_SameSignatureInAnotherForm_IsRefused()
    {
        var order = System.Numerics.BigInteger.Parse("115792089210356248762697446949407573529996955224135760342422259061068512044369", System.Globalization.CultureInfo.InvariantCulture);
        for (int i = 0; i < 20; i++)
        {
            string folder = _shop.Make(), path = Path.Combine(folder, "manifest.json"), text = File.ReadAllText(path);
            _shop.Loader.Load(folder);
            string value = System.Text.Json.Nodes.JsonNode.Parse(text)!["signature"]!["value"]!.GetValue<string>();
            Assert.EndsWith("==", value, StringComparison.Ordinal);
            string spelled = value[..^3] + (char)(value[^3] + 1) + "==";
            Assert.Equal(Convert.FromBase64String(value), Convert.FromBase64String(spelled));
            byte[] twin = Convert.FromBase64String(value);
            var s = order - new System.Numerics.BigInteger(twin.AsSpan(32), isUnsigned: true, isBigEndian: true);
            twin.AsSpan(32).Clear();
            byte[] bytes = s.ToByteArray(isUnsigned: true, isBigEndian: true);
            bytes.CopyTo(twin, 64 - bytes.Length);
            foreach (string other in (string[])[spelled, Convert.ToBase64String(twin)])
            {
                // Written as the canonical text has it, so that nothing but the signature's form is wrong.
                File.WriteAllText(path, text.Replace(Escaped(value), Escaped(other), StringComparison.Ordinal));
                Assert.NotEqual(text, File.ReadAllText(path));
                Assert.Equal(BundleRefusal.Signature, Assert.Throws<BundleException>(() => _shop.Loader.Load(folder)).Refusal);
            }
        }
    }

    private static string Escaped(string text) => System.Text.Json.JsonEncodedText.Encode(text).ToString();

    [Fact]
    public void With_KeyThatIsNone_IsRefused()
    {
        using var wrong = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => new BundleKeys().With("x", wrong.ExportSubjectPublicKeyInfoPem()));
        Assert.Throws<ArgumentException>(() => new BundleKeys().With("x", "no key"));
        Assert.Throws<ArgumentException>(() => _shop.Keys.With("lab", _shop.PublicPem));
    }

    private PolicyBundle Load(string name)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var loader = name == "no probe" ? new BundleLoader(_shop.Keys, BundleWorkshop.World) : _shop.Loader;
        string folder = name switch
        {
            "no manifest" => _shop.Make(afterwards: f => File.Delete(Path.Combine(f, "manifest.json"))),
            "no folder" => Path.Combine(_shop.Root, "nowhere"),
            "unsigned" => _shop.Make(sign: false),
            "strange key" => _shop.Make(m => BundleKeys.Sign(m, "stranger", other), sign: false),
            "signed by another" => _shop.Make(m => BundleKeys.Sign(m, "lab", other), sign: false),
            "other algorithm" => _shop.Make(m => m with { Signature = new BundleSignature("none", "lab", "AAAA") }, sign: false),
            "changed after signing" => _shop.Make(afterwards: f => Edit(f, "policy-", "Policy-")),
            "white space" => _shop.Make(afterwards: f => Edit(f, "{\"action", "{ \"action")),
            "duplicate member" => _shop.Make(afterwards: f => Edit(f, "\"schema\":1", "\"schema\":1,\"schema\":1")),
            "unknown member" => _shop.Make(afterwards: f => Edit(f, "\"schema\":1", "\"schema\":1,\"zeal\":1")),
            "deep" => _shop.Make(afterwards: f => Edit(f, "\"schema\":1", "\"schema\":1,\"zeal\":" + new string('[', 5000))),
            "huge manifest" => _shop.Make(afterwards: f => File.AppendAllText(Path.Combine(f, "manifest.json"), new string(' ', 2 << 20))),
            "newer schema" => _shop.Make(afterwards: f => Edit(f, "\"schema\":1", "\"schema\":2")),
            "path up" => Renamed("../eval.json"),
            "path absolute" => Renamed("/etc/passwd"),
            "path backslash" => Renamed("..\\eval.json"),
            "path hidden" => Renamed(".profile"),
            "path manifest" => Renamed("manifest.json"),
            "path twice" => _shop.Make(m => m with { Files = m.Files.Add(m.Files[1] with { Path = "Weights.BIN" }) }),
            "symbolic link" => _shop.Make(afterwards: Link),
            "file gone" => _shop.Make(afterwards: f => File.Delete(Path.Combine(f, "weights.bin"))),
            "file longer" => _shop.Make(afterwards: f => File.AppendAllText(Path.Combine(f, "weights.bin"), "x")),
            "file changed" => _shop.Make(afterwards: f => File.WriteAllBytes(Path.Combine(f, "weights.bin"), new byte[12])),
            "actions" => _shop.Make(m => m with { ActionVocabularySha256 = BundleWorkshop.Hash("others") }),
            "observations" => _shop.Make(m => m with { ObservationSchemaSha256 = BundleWorkshop.Hash("others") }),
            "domain" => _shop.Make(m => m with { DomainSha256 = BundleWorkshop.Hash("others") }),
            "NaN" => _shop.Make(weights: [1, float.NaN]),
            "infinity" => _shop.Make(weights: [float.NegativeInfinity]),
            "odd weights" => WithFile("weights.bin", new byte[5]),
            "no ONNX" => WithFile("weights.onnx", new byte[50]),
            "NaN in ONNX" => WithFile("weights.onnx", new OnnxModel("g", [], [OnnxTensor.Of("w", [1, float.NaN], 2)], [], []).Write()),
            "golden output" => _shop.Make(selfTest: "{\"input\":[1,2],\"output\":[4]}"),
            "golden length" => _shop.Make(selfTest: "{\"input\":[1,2],\"output\":[3,3]}"),
            "no golden pair" => _shop.Make(m => m with { Files = m.Files.RemoveAt(2) }),
            "report not listed" => _shop.Make(m => m with { EvalReport = "other.json" }),
            "kind without model" => _shop.Make(m => m with { Kind = BundleKind.Llm }),
            _ => _shop.Make(),
        };
        return loader.Load(folder, name == "wrong id" ? BundleWorkshop.Hash("x") : null);
    }

    private string Renamed(string path) => _shop.Make(m => m with { Files = m.Files.SetItem(1, m.Files[1] with { Path = path }) });

    private string WithFile(string path, byte[] bytes) => _shop.Make(
        m => m with { Files = [.. m.Files.Where(f => f.Path != path), new BundleFile(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length)] },
        afterwards: f => File.WriteAllBytes(Path.Combine(f, path), bytes));

    private void Link(string folder)
    {
        string target = Path.Combine(_shop.Root, "elsewhere.bin");
        File.Move(Path.Combine(folder, "weights.bin"), target, overwrite: true);
        File.CreateSymbolicLink(Path.Combine(folder, "weights.bin"), target);
    }

    private static void Edit(string folder, string from, string to)
    {
        string path = Path.Combine(folder, "manifest.json"), text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }
}
