using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Keeps progress estimators: one JSON file with the card, the weights in base64 and the sha256 over both.</summary>
/// <remarks>A property that is missing, unknown, doubled or out of range, numbers that are not finite, and a file that is cut or was changed are errors. Thread-safe.</remarks>
public static class ProgressFile
{
    /// <summary>How the name of a file ends.</summary>
    public const string Ending = ".progress.json";

    private const string Format = "edge-mission-progress";
    private const int FormatVersion = 1, MaxBytes = 64 << 20;

    /// <summary>Writes an estimator, whole or not at all.</summary>
    /// <param name="path">The file, ending in <see cref="Ending"/>.</param>
    /// <param name="estimator">The estimator.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The system cannot write.</exception>
    public static void Write(string path, ProgressWeights estimator)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.EndsWith(Ending, StringComparison.Ordinal)) throw new ArgumentException($"'{path}' must end in {Ending}.", nameof(path));
        string next = path + ".next";
        File.WriteAllBytes(next, ToBytes(estimator));
        File.Move(next, path, overwrite: true);
    }

    /// <summary>Returns a file's bytes.</summary>
    /// <param name="estimator">The estimator.</param>
    public static byte[] ToBytes(ProgressWeights estimator)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        var c = estimator.Card;
        return JsonSerializer.SerializeToUtf8Bytes(
            new ProgressFileContent
            {
                Format = Format, FormatVersion = FormatVersion, Name = c.Name, Attributor = c.Attributor, Version = c.Version, State = c.State, Event = c.Event, Candidate = c.Candidate, VocabularySha256 = c.VocabularyHash,
                Hidden = [.. c.Hidden], Command = c.Command, Seed = c.Seed, Result = c.Result, Sha256 = estimator.Hash,
                Weights = [.. ProgressWeights.NamesOf(c).Zip(estimator.Arrays, (n, a) => new CandidateFileArray { Name = n.Name, Values = MemoryMarshal.AsBytes<float>(a).ToArray() })],
            },
            ProgressFileJson.Default.ProgressFileContent);
    }

    /// <summary>Reads an estimator.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut, changed or another kind of file; the message says what and where.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static ProgressWeights Read(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > MaxBytes) throw new InvalidDataException(FormattableString.Invariant($"{path}: the file has {info.Length} bytes; at most {MaxBytes} are read."));
        return Read(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads an estimator from bytes.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What to call it in error messages.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut, changed or another kind of file; the message says what and where.</exception>
    public static ProgressWeights Read(ReadOnlySpan<byte> bytes, string name)
    {
        ProgressFileContent c;
        try
        {
            c = JsonSerializer.Deserialize(bytes, ProgressFileJson.Default.ProgressFileContent) ?? throw new InvalidDataException($"{name}: the file holds null, must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
        if (c.Format != Format) throw new InvalidDataException($"{name}: format is '{c.Format}', must be '{Format}'.");
        if (c.FormatVersion != FormatVersion) throw new InvalidDataException(FormattableString.Invariant($"{name}: formatVersion is {c.FormatVersion}, must be {FormatVersion}."));
        foreach (var (property, value) in (ReadOnlySpan<(string, object?)>)[("name", c.Name), ("attributor", c.Attributor), ("version", c.Version), ("state", c.State), ("event", c.Event), ("candidate", c.Candidate), ("vocabularySha256", c.VocabularySha256), ("hidden", c.Hidden), ("sha256", c.Sha256), ("weights", c.Weights)])
        {
            if (value is null) throw new InvalidDataException($"{name}: {property} is missing.");
        }
        var card = new ProgressCard
        {
            Name = c.Name!, Attributor = c.Attributor!, Version = c.Version!, State = c.State!.Value, Event = c.Event!.Value, Candidate = c.Candidate!.Value, VocabularyHash = c.VocabularySha256!, Hidden = c.Hidden!,
            Command = c.Command ?? "", Seed = c.Seed ?? 0, Result = c.Result ?? "",
        };
        try
        {
            var estimator = new ProgressWeights(card, CandidateFile.Arrays(c.Weights!, ProgressWeights.NamesOf(card)));
            if (estimator.Hash != c.Sha256) throw new InvalidDataException($"sha256 is {c.Sha256}, the content gives {estimator.Hash}; it was changed by hand or is damaged.");
            return estimator;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }
}
