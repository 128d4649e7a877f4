using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Reads manifests, and refuses whatever the schema does not say.</summary>
internal static class ManifestReader
{
    private const int MaxBytes = 1 << 20, MaxFiles = 256, MaxSeeds = 256;

    private static readonly string[] _required = ["schema", "id", "kind", "parent", "created", "files", "actionVocabularySha256", "observationSchemaSha256", "domainSha256", "trainDataSha256", "seeds", "evalReport"];
    private static readonly string[] _optional = ["attributor", "llm", "signature"];

    public static string Word(BundleKind kind) => kind switch { BundleKind.Compact => "compact", BundleKind.Planner => "planner", _ => "llm" };

    public static BundleManifest Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes) throw Bad($"it has {bytes.Length} bytes, at most {MaxBytes} are allowed");
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            var manifest = Read(document.RootElement);
            // One value, one text: the id is a hash of the text, so another spelling would be another bundle with the same content.
            if (!manifest.ToBytes().AsSpan().SequenceEqual(bytes.Span)) throw Bad("it is not in canonical form: members sorted, no white space, whole numbers");
            return manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Bad("it is not JSON of the schema: " + UntrustedText.Clean(e.Message, 160));
        }
    }

    private static BundleManifest Read(JsonElement root)
    {
        // The version speaks first: a newer manifest may differ in everything else.
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var version) || !version.TryGetInt32(out int schema)) throw Bad("it names no schema");
        if (schema > BundleManifest.Schema) throw new BundleException(BundleRefusal.NewerSchema, $"Bundle manifest: schema {schema} is newer than {BundleManifest.Schema}, the newest known here; update the program.");
        if (schema != BundleManifest.Schema) throw Bad($"schema {schema} is unknown");
        Members(root, "manifest", _required, _optional);
        var kind = Text(root, "kind", 1, 16) switch { "compact" => BundleKind.Compact, "planner" => BundleKind.Planner, "llm" => BundleKind.Llm, var other => throw Bad($"kind '{other}' is unknown") };
        var llm = root.TryGetProperty("llm", out var l) ? Model(l) : null;
        if (kind == BundleKind.Llm != llm is not null) throw Bad("member 'llm' belongs to kind 'llm' and only there");
        var files = Files(root.GetProperty("files"));
        string report = Text(root, "evalReport", 1, 256);
        if (!files.Any(f => f.Path == report)) throw Bad($"evalReport '{UntrustedText.Clean(report, 80)}' is not among the files");
        return new BundleManifest(
            Text(root, "id", 1, 128), kind, Hash(root, "parent", mayBeEmpty: true), Created(root), files,
            Hash(root, "actionVocabularySha256"), Hash(root, "observationSchemaSha256"), Hash(root, "domainSha256"),
            root.TryGetProperty("attributor", out var a) ? Attributor(a) : null,
            Hash(root, "trainDataSha256", mayBeEmpty: true), Seeds(root.GetProperty("seeds")), report, llm,
            root.TryGetProperty("signature", out var s) ? Signature(s) : null);
    }

    private static ImmutableArray<BundleFile> Files(JsonElement list)
    {
        if (list.GetArrayLength() is 0 or > MaxFiles) throw Bad($"it lists {list.GetArrayLength()} files; 1 to {MaxFiles} are allowed");
        var files = ImmutableArray.CreateBuilder<BundleFile>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            Members(item, "file", ["path", "sha256", "bytes"], []);
            var file = new BundleFile(BundlePath.Check(Text(item, "path", 1, 256)), Hash(item, "sha256"), item.GetProperty("bytes").GetInt64());
            if (file.Bytes < 0) throw Bad($"file '{file.Path}' has {file.Bytes} bytes");
            // Two names that differ in case are one file on some disks.
            if (files.Any(f => string.Equals(f.Path, file.Path, StringComparison.OrdinalIgnoreCase))) throw Bad($"file '{file.Path}' is listed twice");
            files.Add(file);
        }
        return files.ToImmutable();
    }

    private static BundleAttributor Attributor(JsonElement item)
    {
        Members(item, "attributor", ["id", "version", "sha256"], []);
        return new BundleAttributor(Text(item, "id", 1, 128), Text(item, "version", 1, 128), Hash(item, "sha256"));
    }

    private static BundleModel Model(JsonElement item)
    {
        Members(item, "llm", ["modelId", "promptTemplateSha256", "grammarSha256"], []);
        return new BundleModel(Text(item, "modelId", 1, 256), Hash(item, "promptTemplateSha256"), Hash(item, "grammarSha256"));
    }

    private static BundleSignature Signature(JsonElement item)
    {
        Members(item, "signature", ["alg", "keyId", "value"], []);
        return new BundleSignature(Text(item, "alg", 1, 64), Text(item, "keyId", 1, 128), Text(item, "value", 1, 256));
    }

    private static ImmutableArray<long> Seeds(JsonElement list)
    {
        if (list.GetArrayLength() > MaxSeeds) throw Bad($"it lists {list.GetArrayLength()} seeds; at most {MaxSeeds} are allowed");
        return [.. list.EnumerateArray().Select(s => s.GetInt64())];
    }

    private static string Created(JsonElement root)
    {
        string text = Text(root, "created", 20, 20);
        return DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text : throw Bad($"created '{text}' is not like 2030-01-31T23:59:59Z");
    }

    private static void Members(JsonElement item, string what, string[] required, string[] optional)
    {
        if (item.ValueKind != JsonValueKind.Object) throw Bad($"{what} is no object");
        foreach (var member in item.EnumerateObject())
        {
            if (!required.Contains(member.Name) && !optional.Contains(member.Name)) throw Bad($"{what} has the unknown member '{UntrustedText.Clean(member.Name, 40)}'");
        }
        foreach (string name in required)
        {
            if (!item.TryGetProperty(name, out _)) throw Bad($"{what} lacks '{name}'");
        }
    }

    private static string Text(JsonElement item, string name, int min, int max)
    {
        string text = item.GetProperty(name).GetString() ?? throw Bad($"'{name}' is null");
        if (text.Length < min || text.Length > max) throw Bad($"'{name}' has {text.Length} characters; {min} to {max} are allowed");
        return text.Any(char.IsControl) ? throw Bad($"'{name}' holds a control character") : text;
    }

    private static string Hash(JsonElement item, string name, bool mayBeEmpty = false)
    {
        string text = Text(item, name, mayBeEmpty ? 0 : 64, 64);
        return mayBeEmpty && text.Length == 0 || BundlePath.IsId(text) ? text : throw Bad($"'{name}' is no SHA-256 in lower-case hexadecimal");
    }

    private static BundleException Bad(string what) => new(BundleRefusal.Malformed, $"Bundle manifest: {what}.");
}
