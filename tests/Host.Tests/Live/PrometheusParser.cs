using System.Globalization;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Reads the text exposition format as strictly as its specification says; anything else fails the test.</summary>
internal static class PrometheusParser
{
    public sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

    public sealed record Family(string Name, string Help, string Type, List<Sample> Samples);

    public static Dictionary<string, Family> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var families = new Dictionary<string, Family>();
        Family? current = null;
        string help = "", helpOf = "";
        foreach (string line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                string[] parts = line[7..].Split(' ', 2);
                (helpOf, help) = (parts[0], parts[1]);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                string[] parts = line[7..].Split(' ');
                Assert.Equal(helpOf, parts[0]);
                Assert.Contains(parts[1], (string[])["counter", "gauge", "summary", "histogram"]);
                current = new Family(parts[0], help, parts[1], []);
                families.Add(parts[0], current); // throws when a family comes twice
            }
            else
            {
                var sample = ParseSample(line);
                Assert.NotNull(current);
                Assert.True(
                    sample.Name == current.Name || (current.Type == "summary" && (sample.Name == current.Name + "_sum" || sample.Name == current.Name + "_count")),
                    $"{sample.Name} stands under {current.Name}");
                Assert.DoesNotContain(current.Samples, s => s.Name == sample.Name && s.Labels.Count == sample.Labels.Count && !s.Labels.Except(sample.Labels).Any());
                current.Samples.Add(sample);
            }
        }
        return families;
    }

    private static Sample ParseSample(string line)
    {
        int at = 0;
        string name = Name(line, ref at);
        var labels = new Dictionary<string, string>();
        if (line[at] == '{')
        {
            do
            {
                at++;
                string label = Name(line, ref at);
                Assert.Equal("=\"", line.Substring(at, 2));
                at += 2;
                var value = new System.Text.StringBuilder();
                while (line[at] != '"')
                {
                    if (line[at] != '\\')
                    {
                        value.Append(line[at++]);
                        continue;
                    }
                    value.Append(line[at + 1] switch { 'n' => '\n', '\\' => '\\', '"' => '"', var c => throw new FormatException($"\\{c} is no escape") });
                    at += 2;
                }
                at++;
                labels.Add(label, value.ToString());
            }
            while (line[at] == ',');
            Assert.Equal('}', line[at++]);
        }
        Assert.Equal(' ', line[at++]);
        string number = line[at..];
        double parsed = number switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture) };
        return new Sample(name, labels, parsed);
    }

    private static string Name(string line, ref int at)
    {
        int start = at;
        while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] is '_' or ':')) at++;
        Assert.True(at > start && !char.IsAsciiDigit(line[start]), $"no name at {start}: {line}");
        return line[start..at];
    }
}
