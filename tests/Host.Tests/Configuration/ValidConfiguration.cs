using System.Text;
using System.Text.Json.Nodes;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Starts from a configuration without errors and changes one key of it.</summary>
internal static class ValidConfiguration
{
    public const string Json = """
        {
          "Robot": { "Id": "r1", "Seed": 42 },
          "Loops": { "avoid": {
            "Sense": { "Type": "SimulatedRover" },
            "Perceive": { "Type": "Rover" },
            "Decide": { "Type": "GoToGoal" },
            "Act": { "Type": "UdpMotor", "Port": 7400 } } }
        }
        """;

    /// <summary>Returns the findings of the valid configuration with one key set to a JSON value, or removed when it is null.</summary>
    public static IReadOnlyList<Finding> With(string path, string? value) => Check(Set((path, value)));

    public static string Set(params (string Path, string? Value)[] changes)
    {
        var root = JsonNode.Parse(Json)!;
        foreach (var (path, value) in changes)
        {
            string[] keys = path.Split(':');
            var at = root;
            foreach (string key in keys[..^1])
            {
                if (at is JsonArray list)
                {
                    at = list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]!;
                    continue;
                }
                at[key] ??= new JsonObject();
                at = at[key]!;
            }
            if (value is null) at.AsObject().Remove(keys[^1]);
            else at[keys[^1]] = JsonNode.Parse(value);
        }
        return root.ToJsonString();
    }

    public static IReadOnlyList<Finding> Check(string json) => Parse(json).Findings;

    public static ConfigurationResult Parse(string json) => ConfigurationFile.Parse(Encoding.UTF8.GetBytes(json), "robot.json", Path.GetTempPath(), Stages.All);
}
