using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Changes keys of a recorded configuration for a replay that asks "what would have been".</summary>
internal static class ConfigurationOverride
{
    /// <summary>Returns the configuration with the changes.</summary>
    /// <param name="configuration">The recorded configuration, JSON.</param>
    /// <param name="changes">Texts such as <c>Loops:rover1:Decide:MaxSpeedMps=0.5</c>; <c>*</c> stands for every loop.</param>
    /// <param name="changed">Gets the pairs of loop and section that were changed, such as ("rover1", "Decide").</param>
    /// <exception cref="EdgeException">A change does not say what it changes, or the section is not there.</exception>
    /// <exception cref="InvalidDataException">The recorded configuration is none.</exception>
    public static byte[] Apply(byte[] configuration, IReadOnlyList<string> changes, ISet<(string Loop, string Section)> changed)
    {
        var root = Root(configuration);
        foreach (string change in changes)
        {
            int equals = change.IndexOf('=', StringComparison.Ordinal);
            string[] path = equals > 0 ? change[..equals].Split(':') : [];
            if (path.Length < 4 || !Same(path[0], "Loops")) throw Bad(change, "must look like Loops:NAME:SECTION:KEY=VALUE, with * for every loop");
            var loops = Child(root, path[0]) as JsonObject ?? throw Bad(change, "names loops, but the recorded configuration has none");
            var names = path[1] == "*" ? [.. loops.Select(l => l.Key)] : loops.Select(l => l.Key).Where(k => Same(k, path[1])).ToArray();
            if (names.Length == 0) throw Bad(change, $"names the loop '{path[1]}'; the recording has {string.Join(", ", loops.Select(l => l.Key))}");
            foreach (string name in names)
            {
                var loop = loops[name] as JsonObject ?? throw Bad(change, $"names the loop '{name}', which is no section in the recorded configuration");
                changed.Add((name, Set(loop, path.AsSpan(2), change[(equals + 1)..], change)));
            }
        }
        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    // Duplicate names are found here and not when a name is first asked for.
    private static JsonObject Root(byte[] configuration)
    {
        try
        {
            return JsonNode.Parse(configuration, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new InvalidDataException($"{RunInfo.ConfigurationName} is no JSON object; the recording is damaged.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{RunInfo.ConfigurationName} is not JSON: {error.Message.TrimEnd('.')}; the recording is damaged.", error);
        }
    }

    private static string Set(JsonObject loop, ReadOnlySpan<string> path, string value, string change)
    {
        var section = loop;
        foreach (string key in path[..^1])
        {
            string found = Key(section, key) ?? key;
            if (section[found] is null) section[found] = new JsonObject();
            section = section[found] as JsonObject ?? throw Bad(change, $"goes through '{key}', which is no section");
        }
        string last = Key(section, path[^1]) ?? path[^1];
        // Another kind of stage has keys of its own: those of the old kind would be errors.
        if (Same(last, "Type") && section["Type"]?.ToString() != value)
        {
            foreach (string old in section.Select(p => p.Key).Where(k => k is not ("BudgetUs" or "OnMiss" or "BudgetKillCount")).ToArray()) section.Remove(old);
        }
        section[last] = value;
        return Key(loop, path[0]) ?? path[0];
    }

    private static JsonNode? Child(JsonObject node, string name) => Key(node, name) is { } key ? node[key] : null;

    private static string? Key(JsonObject node, string name) => node.Select(p => p.Key).FirstOrDefault(k => Same(k, name));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static EdgeException Bad(string change, string rule) => new(ExitCode.Usage, $"--override is '{change}'; it {rule}.");
}
