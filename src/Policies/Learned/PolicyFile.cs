using System.Globalization;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>Keeps learned policies: a card in JSON, and the network as ONNX beside it.</summary>
/// <remarks>
/// <c>NAME.policy.json</c> names the network's file, its hash, and the whole contract (<see cref="PolicySchema"/>). A property that is missing, unknown or out of range, a network that is
/// another than the card says, and a file that is cut are errors. Thread-safe.
/// </remarks>
public static class PolicyFile
{
    /// <summary>How the name of a card ends.</summary>
    public const string Ending = ".policy.json";

    private const string Format = "edge-policy";
    private const int Version = 1, MaxCardBytes = 1 << 20, MaxModelBytes = 256 << 20;

    /// <summary>Writes both files; the card last, so that it never names a network that is not there.</summary>
    /// <param name="path">The card's file, ending in <see cref="Ending"/>.</param>
    /// <param name="card">The card; its <see cref="PolicyCard.ModelHash"/> is computed here.</param>
    /// <param name="model">The network, ONNX.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="InvalidDataException">The contract breaks a rule.</exception>
    /// <exception cref="IOException">The system cannot write.</exception>
    public static void Write(string path, PolicyCard card, ReadOnlySpan<byte> model)
    {
        ArgumentNullException.ThrowIfNull(card);
        if (!path.EndsWith(Ending, StringComparison.Ordinal)) throw new ArgumentException($"'{path}' must end in {Ending}.", nameof(path));
        card.Schema.Validate();
        string network = path[..^Ending.Length] + ".onnx";
        var content = new PolicyFileContent
        {
            Format = Format, Version = Version, Name = card.Name, Robot = card.Schema.Robot, Model = Path.GetFileName(network), ModelHash = HashOf(model), SchemaHash = card.Schema.Hash,
            Inputs = [.. card.Schema.Inputs], ActionNames = [.. card.Schema.ActionNames], Actions = [.. card.Schema.Actions.Select(a => a.ToArray())], PeriodsUs = [.. card.Schema.PeriodsUs],
            Command = card.Command, Seed = card.Seed, Result = card.Result,
        };
        Replace(network, model);
        Replace(path, JsonSerializer.SerializeToUtf8Bytes(content, PolicyFileJson.Default.PolicyFileContent));
    }

    /// <summary>Reads both files.</summary>
    /// <param name="path">The card's file.</param>
    /// <param name="model">The network's bytes.</param>
    /// <exception cref="InvalidDataException">A value breaks a rule, or the network is another one; the message names the file, the property and the rule.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static PolicyCard Read(string path, out byte[] model)
    {
        PolicyFileContent c;
        try
        {
            c = JsonSerializer.Deserialize(Bytes(path, MaxCardBytes), PolicyFileJson.Default.PolicyFileContent) ?? throw new InvalidDataException($"{path}: the file holds null, must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
        if (c.Format != Format) throw new InvalidDataException($"{path}: format is '{c.Format}', must be '{Format}'.");
        if (c.Version != Version) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: version is {c.Version}, must be {Version}."));
        foreach (var (name, value) in (ReadOnlySpan<(string, object?)>)[("name", c.Name), ("robot", c.Robot), ("model", c.Model), ("modelHash", c.ModelHash), ("schemaHash", c.SchemaHash), ("inputs", c.Inputs), ("actionNames", c.ActionNames), ("actions", c.Actions), ("periodsUs", c.PeriodsUs)])
        {
            if (value is null) throw new InvalidDataException($"{path}: {name} is missing.");
        }
        if (c.Inputs!.Any(i => i?.Name is null) || c.ActionNames!.Any(n => n is null) || c.Actions!.Any(a => a is null)) throw new InvalidDataException($"{path}: inputs, actionNames and actions must not hold null.");
        // The network lies beside its card: a name that leads elsewhere is refused.
        if (c.Model != Path.GetFileName(c.Model) || c.Model is "" or "." or "..") throw new InvalidDataException($"{path}: model is '{c.Model}', must be the name of a file in the same folder.");
        var card = new PolicyCard
        {
            Name = c.Name!, ModelHash = c.ModelHash!, Command = c.Command ?? "", Seed = c.Seed ?? 0, Result = c.Result ?? "",
            Schema = new PolicySchema { Robot = c.Robot!, Inputs = c.Inputs!, ActionNames = c.ActionNames!, Actions = c.Actions!, PeriodsUs = c.PeriodsUs! }!,
        };
        try
        {
            card.Schema.Validate();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
        if (card.Schema.Hash != c.SchemaHash) throw new InvalidDataException($"{path}: schemaHash is {c.SchemaHash}, the contract in the file has {card.Schema.Hash}; it was changed by hand or is damaged.");
        string network = Path.Combine(Path.GetDirectoryName(path) ?? "", c.Model!);
        model = Bytes(network, MaxModelBytes);
        if (HashOf(model) is var found && found != card.ModelHash) throw new InvalidDataException($"{network}: its hash is {found}, the card says {card.ModelHash}; it is cut or another network.");
        return card;
    }

    // Whole or not at all, whatever happens on the way.
    private static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        string next = path + ".next";
        File.WriteAllBytes(next, bytes);
        File.Move(next, path, overwrite: true);
    }

    private static byte[] Bytes(string path, int most)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > most) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: the file has {info.Length} bytes; at most {most} are read."));
        return File.ReadAllBytes(path);
    }

    private static string HashOf(ReadOnlySpan<byte> bytes)
    {
        var hasher = new StateHasher();
        hasher.AddBytes(bytes);
        return hasher.Value.ToString("x16", CultureInfo.InvariantCulture);
    }
}
