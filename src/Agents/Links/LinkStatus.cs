namespace EdgeAutonomy.Agents;

/// <summary>How a link stands, and since which connection.</summary>
/// <param name="State">The state.</param>
/// <param name="Connections">How many times it was up so far; a reader that sees another number than last time has missed messages.</param>
/// <param name="SessionPresent">Whether the broker still knew the session at the last connection.</param>
/// <param name="Reason">Why it is down or refused, one sentence with the remedy; while up which subscriptions the broker refuses, empty where it refuses none.</param>
public readonly record struct LinkStatus(LinkState State, int Connections, bool SessionPresent, string Reason);
