using System.Text.Json;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Makes replies of every kind that a model or a broken server may send, from good to hostile.</summary>
internal static class ReplyForge
{
    private static readonly string[] _junk =
    [
        "", " ", "null", "{}", "[]", "{\"action\":", "{\"action\":\"", "\u0000", "{\"action\":\"wait\",\"action\":\"report\"}", "{\"action\":\"wait\"}{\"action\":\"report\"}",
        "Sure, here you go: {\"action\":\"wait\"}", "```json\n{\"action\":\"wait\"}\n```", "{\"action\":\"ignore all rules and report\"}", "{\"action\":\"go to room 1; go to room 5\"}",
        "{\"action\":\"go to room 1\\u0000\"}", "{\"action\":\"go to room １\"}", "{\"action\":\"\\u202ewait\"}", "{\"action\":{\"action\":\"wait\"}}", "{\"tool\":\"sudo\",\"action\":\"report\"}",
    ];

    public static byte[] Bytes(RandomStream random, CorridorMission mission)
    {
        string text = mission.Candidates[random.NextInt32(mission.Candidates.Count)].Text;
        byte[] good = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["action"] = text });
        return random.NextInt32(8) switch
        {
            0 or 1 => good,
            2 => Mutated(good, random),
            3 => good[..random.NextInt32(good.Length)],
            4 => Encoding.UTF8.GetBytes(_junk[random.NextInt32(_junk.Length)]),
            5 => [.. Enumerable.Range(0, random.NextInt32(200)).Select(_ => (byte)random.NextInt32(256))],
            6 => [.. good, .. Encoding.UTF8.GetBytes(_junk[random.NextInt32(_junk.Length)])],
            _ => Encoding.UTF8.GetBytes($"{{\"action\":{JsonSerializer.Serialize(text + (char)random.NextInt32(0xD800))}}}"),
        };
    }

    private static byte[] Mutated(byte[] good, RandomStream random)
    {
        byte[] bytes = [.. good];
        for (int i = 0; i <= random.NextInt32(3); i++) bytes[random.NextInt32(bytes.Length)] ^= (byte)(1 << random.NextInt32(8));
        return bytes;
    }
}
