using EdgeAutonomy.Agents;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>libmosquitto against a real mosquitto.</summary>
[Trait("Clock", "Real")]
public sealed class MosquittoLinkConformanceTests : LinkConformance
{
    protected override LinkSite CreateSite() => Site();

    internal static MosquittoSite Site()
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
        return new MosquittoSite(o => new MosquittoLink(o));
    }
}

/// <summary>libmosquitto against a real mosquitto and a network that breaks.</summary>
[Trait("Clock", "Real")]
public sealed class MosquittoLinkLossTests : LinkLossConformance
{
    protected override LinkSite CreateSite() => MosquittoLinkConformanceTests.Site();
}
