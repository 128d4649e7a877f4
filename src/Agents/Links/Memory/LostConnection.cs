namespace EdgeAutonomy.Agents;

/// <summary>What a link is told about its connection.</summary>
internal sealed record LostConnection(MemoryLink Link, string Reason);
