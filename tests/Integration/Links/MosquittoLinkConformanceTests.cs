using EdgeAutonomy.Agents;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>libmosquitto against a real mosquitto.</summary>
[Trait("Clock", "Real")]
public sealed class MosquittoLinkConformanceTests : LinkConformance
{
    protected override LinkSite CreateSite() => Site();

    protected override LinkSite? CreateRefusingSite() => new MosquittoSite(Create, MosquittoBroker.Refusing());

    internal static MosquittoSite Site() => new(Create, MosquittoBroker.Open());

    private static MosquittoLink Create(LinkOptions options)
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        return new MosquittoLink(options);
    }
}

/// <summary>libmosquitto against a real mosquitto and a network that breaks.</summary>
[Trait("Clock", "Real")]
public sealed class MosquittoLinkLossTests : LinkLossConformance
{
    protected override LinkSite CreateSite() => MosquittoLinkConformanceTests.Site();
}
