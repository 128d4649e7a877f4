namespace EdgeAutonomy.Agents;

/// <summary>A monitor fired.</summary>
/// <param name="Monitor">Which one: a short word, the tag of <c>agent.rollback</c>.</param>
/// <param name="Action">What it asks for.</param>
/// <param name="Evidence">The value and the bound, one line.</param>
public sealed record MonitorTrigger(string Monitor, MonitorAction Action, string Evidence);
