namespace EdgeAutonomy.Host;

/// <summary>How a policy did in one family of missions.</summary>
/// <param name="Family">Which family.</param>
/// <param name="Missions">How many missions.</param>
/// <param name="Succeeded">How many succeeded.</param>
/// <param name="IncumbentSucceeded">How many the incumbent succeeded in; null where none was asked.</param>
/// <param name="MeanSteps">Mean steps of the policy's missions.</param>
internal sealed record PolicyFamilyResult(string Family, int Missions, int Succeeded, int? IncumbentSucceeded, double MeanSteps);
