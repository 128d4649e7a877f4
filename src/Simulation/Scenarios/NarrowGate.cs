namespace EdgeAutonomy.Simulation;

/// <summary>The one way through the wall that cuts a gated room in two, from west to east: wide enough for one robot at ease, too narrow for two to pass each other.</summary>
/// <param name="X1">The western end, metres.</param>
/// <param name="Y1">The southern wall.</param>
/// <param name="X2">The eastern end.</param>
/// <param name="Y2">The northern wall.</param>
public readonly record struct NarrowGate(double X1, double Y1, double X2, double Y2)
{
    /// <summary>The name of the built-in gated room.</summary>
    public const string Room = "gate";

    /// <summary>The name of a gated yard.</summary>
    public const string Yard = "gated yard";

    // A robot is 0.36 m wide.
    private const double Width = 0.7, Length = 2.4;

    /// <summary>Returns the gate of a scenario; null when it has none.</summary>
    public static NarrowGate? Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return scenario.Name is Room or Yard && scenario.Walls.Count > 0 ? Of(scenario.Walls.Max(w => w.X2), scenario.Walls.Max(w => w.Y2)) : null;
    }

    internal static NarrowGate Of(double width, double height) => new((width - Length) / 2, (height - Width) / 2, (width + Length) / 2, (height + Width) / 2);
}
