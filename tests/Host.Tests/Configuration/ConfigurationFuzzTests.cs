using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Whatever the bytes are, reading them ends with findings, never with an exception.</summary>
public class ConfigurationFuzzTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{ \"Robot\": { \"Id\": \"a\" }, \"Robot\": { \"Id\": \"b\" } }")]
    [InlineData("{ \"Robot\": { \"Id\": 1, \"id\": 2 } }")]
    [InlineData("\u0000")]
    public void Parse_NotAConfiguration_IsOneFindingAboutTheFile(string text)
    {
        var finding = Assert.Single(ConfigurationFile.Parse(Encoding.UTF8.GetBytes(text), "robot.json", ".", Stages.All).Findings);
        Assert.Equal("robot.json", finding.Where);
        Assert.StartsWith("The file is no configuration: ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooDeep_IsAFinding()
    {
        string text = string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000);
        Assert.Single(ConfigurationFile.Parse(Encoding.UTF8.GetBytes(text), "robot.json", ".", Stages.All).Findings);
    }

    [Fact]
    public void Parse_FlippedBytes_NeverThrows()
    {
        var random = new RandomStream(7);
        byte[] valid = Encoding.UTF8.GetBytes(ValidConfiguration.Json);
        int broken = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = (byte[])valid.Clone();
            for (int flips = 1 + random.NextInt32(4); flips > 0; flips--) bytes[random.NextInt32(bytes.Length)] = (byte)random.NextInt32(256);
            if (random.NextInt32(4) == 0) Array.Resize(ref bytes, random.NextInt32(bytes.Length));
            if (!ConfigurationFile.Parse(bytes, "robot.json", ".", Stages.All).IsValid) broken++;
        }
        // The control: the generator does reach both sides.
        Assert.InRange(broken, 1000, 2999);
    }

    [Fact]
    public void Parse_RandomTrees_NeverThrows()
    {
        var random = new RandomStream(11);
        string[] words = [.. OptionKey.Of(typeof(EdgeOptions)).Concat(OptionKey.Of(typeof(LoopSection))).Concat(OptionKey.Of(typeof(UdpMotorAct))).Select(k => k.Name), "avoid", "x", "0", ""];
        for (int round = 0; round < 2000; round++)
        {
            var text = new StringBuilder();
            Tree(0);
            ConfigurationFile.Parse(Encoding.UTF8.GetBytes(text.ToString()), "robot.json", ".", Stages.All);

            void Tree(int depth)
            {
                switch (depth > 5 ? 2 + random.NextInt32(5) : depth == 0 ? 0 : random.NextInt32(7))
                {
                    case 0:
                        text.Append('{');
                        // Distinct names, because a repeated one is refused before the reader sees the tree.
                        foreach (string name in words.OrderBy(_ => random.NextUInt64()).Take(random.NextInt32(6)).ToArray())
                        {
                            text.Append('"').Append(name).Append("\":");
                            Tree(depth + 1);
                            text.Append(',');
                        }
                        text.Append('}');
                        break;
                    case 1:
                        text.Append('[');
                        for (int i = random.NextInt32(4); i > 0; i--)
                        {
                            Tree(depth + 1);
                            text.Append(',');
                        }
                        text.Append(']');
                        break;
                    case 2: text.Append("null"); break;
                    case 3: text.Append(random.NextInt32(2) == 0 ? "true" : "false"); break;
                    case 4: text.Append(random.NextInt32(100000) - 50000); break;
                    case 5: text.Append("1e").Append(random.NextInt32(600) - 300); break;
                    default: text.Append('"').Append(words[random.NextInt32(words.Length)]).Append('"'); break;
                }
            }
        }
    }

    [Fact]
    public void Parse_EndlessKey_ShowsALineOfIt()
    {
        string key = new('k', 10_000);
        var finding = Assert.Single(ValidConfiguration.With(key, "1"));
        Assert.True(finding.Message.Length < 400, "a message must stay readable");
    }
}
