using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace EdgeAutonomy.Agents;

/// <summary>What a bundle is, of which files, for which world, from whom. Immutable; the bundle's id is the hash of its canonical text.</summary>
/// <param name="Id">A name for people.</param>
/// <param name="Kind">What kind of policy.</param>
/// <param name="Parent">Id of the bundle it was made from; empty for none.</param>
/// <param name="Created">When, in UTC, to the second: <c>2030-01-31T23:59:59Z</c>.</param>
/// <param name="Files">All files but the manifest.</param>
/// <param name="ActionVocabularySha256">Which actions it knows.</param>
/// <param name="ObservationSchemaSha256">Which description of the world it knows.</param>
/// <param name="DomainSha256">Which domain it was trained for.</param>
/// <param name="Attributor">The attributor it was trained with; null for none.</param>
/// <param name="TrainDataSha256">What it was trained on; empty for nothing.</param>
/// <param name="Seeds">The seeds of its training.</param>
/// <param name="EvalReport">Path of its evaluation.</param>
/// <param name="Llm">The language model; null for other kinds.</param>
/// <param name="Signature">Who vouches for it; null before it is signed.</param>
public sealed record BundleManifest(
    string Id,
    BundleKind Kind,
    string Parent,
    string Created,
    ImmutableArray<BundleFile> Files,
    string ActionVocabularySha256,
    string ObservationSchemaSha256,
    string DomainSha256,
    BundleAttributor? Attributor,
    string TrainDataSha256,
    ImmutableArray<long> Seeds,
    string EvalReport,
    BundleModel? Llm,
    BundleSignature? Signature)
{
    /// <summary>The only schema that there is.</summary>
    public const int Schema = 1;

    /// <summary>The manifest's name in a bundle.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Returns the canonical text, signature included: UTF-8, members sorted, no white space.</summary>
    public byte[] ToBytes() => CanonicalJson.Write(ToJson(withSignature: true));

    /// <summary>Returns the text that is signed: the same without the signature.</summary>
    public byte[] ToSignedBytes() => CanonicalJson.Write(ToJson(withSignature: false));

    /// <summary>Returns the bundle's id: SHA-256 of <see cref="ToBytes"/>, lower-case hexadecimal.</summary>
    public string ContentId() => Convert.ToHexStringLower(SHA256.HashData(ToBytes()));

    private JsonObject ToJson(bool withSignature)
    {
        var json = new JsonObject
        {
            ["schema"] = Schema,
            ["id"] = Id,
            ["kind"] = ManifestReader.Word(Kind),
            ["parent"] = Parent,
            ["created"] = Created,
            ["files"] = new JsonArray([.. Files.Select(f => new JsonObject { ["path"] = f.Path, ["sha256"] = f.Sha256, ["bytes"] = f.Bytes })]),
            ["actionVocabularySha256"] = ActionVocabularySha256,
            ["observationSchemaSha256"] = ObservationSchemaSha256,
            ["domainSha256"] = DomainSha256,
            ["trainDataSha256"] = TrainDataSha256,
            ["seeds"] = new JsonArray([.. Seeds.Select(s => (JsonNode)s)]),
            ["evalReport"] = EvalReport,
        };
        if (Attributor is not null) json["attributor"] = new JsonObject { ["id"] = Attributor.Id, ["version"] = Attributor.Version, ["sha256"] = Attributor.Sha256 };
        if (Llm is not null) json["llm"] = new JsonObject { ["modelId"] = Llm.ModelId, ["promptTemplateSha256"] = Llm.PromptTemplateSha256, ["grammarSha256"] = Llm.GrammarSha256 };
        if (withSignature && Signature is not null) json["signature"] = new JsonObject { ["alg"] = Signature.Alg, ["keyId"] = Signature.KeyId, ["value"] = Signature.Value };
        return json;
    }
}
