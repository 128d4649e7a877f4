#if WITH_MQTTNET
using EdgeAutonomy.Agents;
using EdgeAutonomy.MqttNet;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>MQTTnet against a real mosquitto, in builds that have its package.</summary>
[Trait("Clock", "Real")]
public sealed class MqttNetConformanceTests : LinkConformance
{
    protected override LinkSite CreateSite() => Site();

    protected override LinkSite? CreateRefusingSite() => new MosquittoSite(o => new MqttNetLink(o), MosquittoBroker.Refusing());

    internal static MosquittoSite Site()
    {
        MosquittoBroker.Require();
        return new MosquittoSite(o => new MqttNetLink(o), MosquittoBroker.Open());
    }
}

/// <summary>MQTTnet against a real mosquitto and a network that breaks.</summary>
[Trait("Clock", "Real")]
public sealed class MqttNetLossTests : LinkLossConformance
{
    protected override LinkSite CreateSite() => MqttNetConformanceTests.Site();
}
#endif
