using System.Globalization;
using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Host;

namespace EdgeAutonomy.Integration;

/// <summary><c>edge doctor</c> against a real mosquitto. How fast it is depends on the machine; that it is measured and told does not.</summary>
[Trait("Clock", "Real")]
public sealed class DoctorBrokerTests
{
    [SkippableTheory]
    [InlineData("true")]
    [InlineData("false")]
    public void Broker_ThatAnswers_IsMeasured(string noDelay)
    {
        Require();
        using var broker = new MosquittoBroker((port, _) => string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay {noDelay}\npersistence false"));
        var result = Doctor(broker.Address);
        var checks = result.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("where").GetString()!, c => c.GetProperty("message").GetString()!);
        Assert.Contains("mosquitto version", checks["mqtt:broker"], StringComparison.Ordinal);
        Assert.Contains("speaks MQTT 5", checks["mqtt:broker"], StringComparison.Ordinal);
        Assert.StartsWith("200 messages of quality 1", checks["mqtt:roundtrip"], StringComparison.Ordinal);
        var figure = result.GetProperty("figures").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "round trip of quality 1");
        Assert.True(figure.GetProperty("p50").GetDouble() > 0 && figure.GetProperty("max").GetDouble() >= figure.GetProperty("p99").GetDouble());
        foreach (var finding in result.GetProperty("findings").EnumerateArray()) Assert.NotEmpty(finding.GetProperty("remedy").GetString()!);
        Assert.DoesNotContain(result.GetProperty("findings").EnumerateArray(), f => f.GetProperty("severity").GetString() == "error" && f.GetProperty("where").GetString()!.StartsWith("mqtt", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Broker_ThatLetsNobodyWrite_IsAnErrorThatNamesTheTopic()
    {
        Require();
        using var broker = MosquittoBroker.Open();
        var finding = Assert.Single(Doctor(broker.Address).GetProperty("findings").EnumerateArray(), f => f.GetProperty("where").GetString() == "mqtt:roundtrip");
        Assert.Equal("error", finding.GetProperty("severity").GetString());
        Assert.Contains("edge-doctor/", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static void Require()
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
    }

    private static JsonElement Doctor(Uri broker)
    {
        var output = new StringWriter();
        EdgeProgram.Run(["doctor", "--broker", broker.ToString(), "--json"], new Terminal(output, new StringWriter()));
        return JsonDocument.Parse(output.ToString()).RootElement.Clone();
    }
}
