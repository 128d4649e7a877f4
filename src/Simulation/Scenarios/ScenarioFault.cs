namespace EdgeAutonomy.Simulation;

/// <summary>One thing wrong with a scenario.</summary>
/// <param name="Path">Where, such as "obstacles[3].speed".</param>
/// <param name="Value">What stands there.</param>
/// <param name="Rule">What must hold.</param>
public readonly record struct ScenarioFault(string Path, string Value, string Rule)
{
    /// <summary>Returns "path is value; rule."</summary>
    public override string ToString() => $"{Path} is {Value}; {Rule}.";
}
