using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Keeps candidate-scoring policies: one JSON file with the card, the weights in base64 and the sha256 over both.</summary>
/// <remarks>
/// The twin of the policy file of the control loop for missions, which has no robot and no ladder to agree with but a vocabulary. A property that is missing, unknown or out of range, numbers that are not finite, and a file that is
/// cut or was changed are errors. Thread-safe.
/// </remarks>
public static class CandidateFile
{
    /// <summary>How the name of a file ends.</summary>
    public const string Ending = ".mission.json";

    private const string Format = "edge-mission-policy";
    private const int Version = 1, MaxBytes = 64 << 20;

    /// <summary>Writes a policy, whole or not at all.</summary>
    /// <param name="path">The file, ending in <see cref="Ending"/>.</param>
    /// <param name="policy">The policy.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The system cannot write.</exception>
    public static void Write(string path, CandidateWeights policy)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.EndsWith(Ending, StringComparison.Ordinal)) throw new ArgumentException($"'{path}' must end in {Ending}.", nameof(path));
        string next = path + ".next";
        File.WriteAllBytes(next, ToBytes(policy));
        File.Move(next, path, overwrite: true);
    }

    /// <summary>Returns a file's bytes, for bundles.</summary>
    /// <param name="policy">The policy.</param>
    public static byte[] ToBytes(CandidateWeights policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var c = policy.Card;
        return JsonSerializer.SerializeToUtf8Bytes(
            new CandidateFileContent
            {
                Format = Format, Version = Version, Name = c.Name, State = c.State, Event = c.Event, Candidate = c.Candidate, VocabularySha256 = c.VocabularyHash, Encoder = c.Encoder, Memory = c.Memory, First = c.First,
                Second = c.Second, Command = c.Command, Seed = c.Seed, Result = c.Result, Sha256 = policy.Hash,
                Weights = [.. CandidateWeights.NamesOf(c).Zip(policy.Arrays, (n, a) => new CandidateFileArray { Name = n.Name, Values = MemoryMarshal.AsBytes<float>(a).ToArray() })],
            },
            CandidateFileJson.Default.CandidateFileContent);
    }

    /// <summary>Reads a policy.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut, changed or another kind of file; the message says what and where.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static CandidateWeights Read(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > MaxBytes) throw new InvalidDataException(FormattableString.Invariant($"{path}: the file has {info.Length} bytes; at most {MaxBytes} are read."));
        return Read(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a policy from bytes.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What to call it in error messages.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut, changed or another kind of file; the message says what and where.</exception>
    public static CandidateWeights Read(ReadOnlySpan<byte> bytes, string name)
    {
        CandidateFileContent c;
        try
        {
            c = JsonSerializer.Deserialize(bytes, CandidateFileJson.Default.CandidateFileContent) ?? throw new InvalidDataException($"{name}: the file holds null, must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
        if (c.Format != Format) throw new InvalidDataException($"{name}: format is '{c.Format}', must be '{Format}'.");
        if (c.Version != Version) throw new InvalidDataException(FormattableString.Invariant($"{name}: version is {c.Version}, must be {Version}."));
        foreach (var (property, value) in (ReadOnlySpan<(string, object?)>)[("name", c.Name), ("state", c.State), ("event", c.Event), ("candidate", c.Candidate), ("vocabularySha256", c.VocabularySha256), ("encoder", c.Encoder), ("memory", c.Memory), ("first", c.First), ("second", c.Second), ("sha256", c.Sha256), ("weights", c.Weights)])
        {
            if (value is null) throw new InvalidDataException($"{name}: {property} is missing.");
        }
        var card = new CandidateCard
        {
            Name = c.Name!, State = c.State!.Value, Event = c.Event!.Value, Candidate = c.Candidate!.Value, VocabularyHash = c.VocabularySha256!, Encoder = c.Encoder!.Value, Memory = c.Memory!.Value, First = c.First!.Value,
            Second = c.Second!.Value, Command = c.Command ?? "", Seed = c.Seed ?? 0, Result = c.Result ?? "",
        };
        try
        {
            var policy = new CandidateWeights(card, Arrays(c.Weights!, CandidateWeights.NamesOf(card)));
            if (policy.Hash != c.Sha256) throw new InvalidDataException($"sha256 is {c.Sha256}, the content gives {policy.Hash}; it was changed by hand or is damaged.");
            return policy;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    internal static float[][] Arrays(CandidateFileArray?[] weights, IReadOnlyList<(string Name, int Count)> expected)
    {
        if (weights.Length != expected.Count) throw new InvalidDataException($"there are {weights.Length} arrays of weights; must be {expected.Count}.");
        var arrays = new float[weights.Length][];
        for (int i = 0; i < weights.Length; i++)
        {
            var (name, count) = expected[i];
            if (weights[i]?.Name != name || weights[i]?.Values is not { } values) throw new InvalidDataException($"array {i} is '{weights[i]?.Name}'; must be '{name}', with values.");
            if (values.Length != 4L * count) throw new InvalidDataException($"{name} has {values.Length} bytes, the widths need {4L * count}.");
            arrays[i] = MemoryMarshal.Cast<byte, float>(values).ToArray();
        }
        return arrays;
    }
}
