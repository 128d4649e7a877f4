namespace EdgeAutonomy.Simulation;

/// <summary>A scenario breaks rules; every fault is listed.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="scenario">Name or file of the scenario.</param>
    /// <param name="faults">At least one fault.</param>
    public ScenarioException(string scenario, IReadOnlyList<ScenarioFault> faults)
        : base($"Scenario '{scenario}' has {faults.Count} fault(s): {string.Join(" ", faults.Take(20))}") => Faults = faults;

    /// <summary>Gets all faults.</summary>
    public IReadOnlyList<ScenarioFault> Faults { get; }
}
