namespace EdgeAutonomy.Agents;

/// <summary>What the incumbent achieved; the monitors compare with it.</summary>
/// <param name="Success">Its share of successful missions, 0 … 1.</param>
/// <param name="Interventions">Interventions of the safety envelope per mission.</param>
/// <param name="MaxReturn">The largest return of a mission.</param>
public sealed record MonitorBaseline(double Success, double Interventions, double MaxReturn);
