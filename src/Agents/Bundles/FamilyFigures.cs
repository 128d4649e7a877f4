namespace EdgeAutonomy.Agents;

/// <summary>What the golden missions of one family gave.</summary>
/// <param name="Family">Which family.</param>
/// <param name="Missions">How many missions.</param>
/// <param name="Succeeded">How many succeeded.</param>
/// <param name="IncumbentSucceeded">How many the incumbent succeeded in.</param>
public sealed record FamilyFigures(string Family, int Missions, int Succeeded, int IncumbentSucceeded);
