using System.Text.Json;

namespace EdgeAutonomy.Perception;

/// <summary>Keeps exit policies in small JSON files.</summary>
/// <remarks>
/// <code>{ "format": "edge-exit", "version": 1, "kind": "confidence", "temperature": 2, "threshold": 0.95 }</code>
/// Kinds: fixed (steps), margin (margin), confidence (temperature, threshold), conformal (coverage, temperature, classes, checkpoints, quantiles, maxSetSize).
/// A property that is missing, of another kind, unknown, twice there or out of range is an error. Numbers come back bit for bit. Thread-safe.
/// </remarks>
public static class ExitFile
{
    private const string Format = "edge-exit", Fixed = "fixed", Margin = "margin", Confidence = "confidence", Conformal = "conformal";
    private const int Version = 1, MaxBytes = 1 << 20;

    /// <summary>Saves a policy; the file is replaced as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="policy">One of the four policies of this project.</param>
    /// <exception cref="ArgumentException">The policy is another one.</exception>
    /// <exception cref="ModelFileException">The system cannot write.</exception>
    public static void Save(string path, IExitPolicy policy) => WholeFile.Write(path, ToBytes(policy));

    /// <summary>Loads a policy.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">The file cannot be read, or a value breaks a rule; the message names the property, the value and the rule.</exception>
    public static IExitPolicy Load(string path) => Parse(WholeFile.Read(path, MaxBytes), path);

    /// <summary>Makes the content of a file.</summary>
    /// <param name="policy">One of the four policies of this project.</param>
    /// <exception cref="ArgumentException">The policy is another one.</exception>
    public static byte[] ToBytes(IExitPolicy policy)
    {
        var content = policy switch
        {
            FixedExit p => new ExitFileContent { Kind = Fixed, Steps = p.Steps },
            MarginExit p => new ExitFileContent { Kind = Margin, Margin = p.Margin },
            ConfidenceExit p => new ExitFileContent { Kind = Confidence, Temperature = p.Temperature, Threshold = p.Threshold },
            ConformalExit p => new ExitFileContent
            {
                Kind = Conformal,
                Coverage = p.Coverage,
                Temperature = p.Temperature,
                Classes = p.Classes,
                Checkpoints = p.Checkpoints.ToArray(),
                Quantiles = p.Quantiles.ToArray(),
                MaxSetSize = p.MaxSetSize,
            },
            _ => throw new ArgumentException($"A policy of type {policy.GetType()} cannot be saved; the format knows fixed, margin, confidence and conformal.", nameof(policy)),
        };
        content.Format = Format;
        content.Version = Version;
        return JsonSerializer.SerializeToUtf8Bytes(content, ExitFileJson.Default.ExitFileContent);
    }

    /// <summary>Takes the content of a file.</summary>
    /// <param name="content">The bytes, UTF-8.</param>
    /// <param name="name">Starts the messages of errors.</param>
    /// <exception cref="ModelFileException">A value breaks a rule.</exception>
    public static IExitPolicy Parse(ReadOnlySpan<byte> content, string name)
    {
        ExitFileContent c;
        try
        {
            c = JsonSerializer.Deserialize(content, ExitFileJson.Default.ExitFileContent) ?? throw new ModelFileException(name, "", -1, "the file holds null, must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw new ModelFileException(name, e.Path is null or "$" ? "" : e.Path, -1, e.Message, e);
        }
        if (c.Format != Format) throw new ModelFileException(name, "$.format", -1, $"is {Quote(c.Format)}, must be '{Format}'.");
        if (c.Version != Version) throw new ModelFileException(name, "$.version", -1, $"is {c.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}, must be {Version}.");
        CheckProperties(c, name);
        try
        {
            return c.Kind switch
            {
                Fixed => new FixedExit(c.Steps!.Value),
                Margin => new MarginExit(c.Margin!.Value),
                Confidence => new ConfidenceExit(c.Temperature!.Value, c.Threshold!.Value),
                _ => new ConformalExit(c.Coverage!.Value, c.Temperature!.Value, c.Classes!.Value, c.Checkpoints, c.Quantiles, c.MaxSetSize!.Value),
            };
        }
        catch (ArgumentException e)
        {
            // The policies check their own ranges; what stands in a file is the file's error.
            throw new ModelFileException(name, $"$.{e.ParamName}", -1, e.Message.Split(" (Parameter", 2)[0], e);
        }
    }

    private static void CheckProperties(ExitFileContent c, string name)
    {
        string[] wanted = c.Kind switch
        {
            Fixed => ["steps"],
            Margin => ["margin"],
            Confidence => ["temperature", "threshold"],
            Conformal => ["coverage", "temperature", "classes", "checkpoints", "quantiles", "maxSetSize"],
            _ => throw new ModelFileException(name, "$.kind", -1, $"is {Quote(c.Kind)}, must be '{Fixed}', '{Margin}', '{Confidence}' or '{Conformal}'."),
        };
        foreach (var (property, isThere) in c.Properties())
        {
            if (isThere == wanted.Contains(property)) continue;
            throw new ModelFileException(name, $"$.{property}", -1, isThere ? $"does not belong to the kind '{c.Kind}'; remove it." : $"is missing; the kind '{c.Kind}' needs it.");
        }
    }

    private static string Quote(string? text) => text is null ? "missing" : $"'{text}'";
}
