using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>The in-memory link keeps what the links over a network keep, in virtual time.</summary>
public sealed class MemoryLinkConformanceTests : LinkConformance
{
    protected override LinkSite CreateSite() => new MemorySite();

    protected override LinkSite? CreateRefusingSite() => new MemorySite();
}

/// <summary>The in-memory link when connections break.</summary>
public sealed class MemoryLinkLossTests : LinkLossConformance
{
    protected override LinkSite CreateSite() => new MemorySite();
}
