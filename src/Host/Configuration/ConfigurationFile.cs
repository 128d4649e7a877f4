using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace EdgeAutonomy.Host;

/// <summary>Reads a configuration file and finds everything that is wrong with it, at once.</summary>
public static class ConfigurationFile
{
    /// <summary>The largest file that is read; a robot's configuration is a thousand times smaller.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="registry">The kinds of stage it may name.</param>
    /// <exception cref="EdgeException">The file is missing or may not be read (66).</exception>
    public static ConfigurationResult Load(string path, StageRegistry registry)
    {
        byte[] bytes;
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) throw new EdgeException(ExitCode.InputMissing, $"{path} does not exist; check the path.");
            if (info.Length > MaxBytes) return Broken(path, $"The file has {info.Length} bytes; at most {MaxBytes} are read.", "Name a configuration file.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException(ExitCode.InputMissing, $"{path} cannot be read: {exception.Message}", exception);
        }
        return Parse(bytes, path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", registry);
    }

    /// <summary>Reads the bytes of a file. Never throws, whatever the bytes are.</summary>
    /// <param name="bytes">JSON, comments and trailing commas allowed.</param>
    /// <param name="name">What to call the file in findings.</param>
    /// <param name="folder">Where relative paths in it start.</param>
    /// <param name="registry">The kinds of stage it may name.</param>
    /// <param name="replay">Whether it belongs to a recording: files and devices that it names need not be here.</param>
    public static ConfigurationResult Parse(byte[] bytes, string name, string folder, StageRegistry registry, bool replay = false)
    {
        IConfigurationRoot configuration;
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidDataException or InvalidOperationException or ArgumentException)
        {
            string message = (exception.InnerException ?? exception).Message;
            return Broken(name, $"The file is no configuration: {message.TrimEnd('.')}.", "Mend the JSON; comments (//) and trailing commas are allowed.");
        }
        var findings = new List<Finding>();
        var options = new OptionReader(registry, replay ? null : folder, findings).Read(configuration);
        CrossChecks.Run(options, registry, findings);
        return new ConfigurationResult(options, configuration, [.. findings.OrderByDescending(f => f.Severity)]);
    }

    private static ConfigurationResult Broken(string name, string message, string remedy) =>
        new(new EdgeOptions(), new ConfigurationBuilder().Build(), [new Finding(name, Severity.Error, message, remedy)]);
}
