using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>The built-in scenarios, each grown from a seed: other seeds give other layouts, textures, motions and noise.</summary>
/// <remarks>Every station can be reached from every start by a body that needs 0.3 m around its centre; otherwise the layout is drawn anew.</remarks>
public static class ScenarioCatalog
{
    /// <summary>Gets the names: default, corridor, crowd, empty, gate.</summary>
    public static IReadOnlyList<string> Names { get; } = ["default", "corridor", "crowd", "empty", NarrowGate.Room];

    /// <summary>Makes a built-in scenario.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="robots">How many robots, in [1, 8].</param>
    /// <exception cref="ArgumentException">Unknown name or absurd number of robots.</exception>
    public static Scenario Create(string name, ulong seed, int robots = 1)
    {
        if (!Names.Contains(name)) throw new ArgumentException($"Scenario is '{name}'; must be one of {string.Join(", ", Names)}, or a file.", nameof(name));
        if (robots is < 1 or > 8) throw new ArgumentException($"Scenario '{name}' is asked for {robots} robots; must be in [1, 8].", nameof(robots));
        for (int attempt = 0; attempt < 500; attempt++)
        {
            var random = RandomStream.For(seed, $"scenario.{name}.{attempt}");
            var layout = new LayoutDraft(random, name switch { "corridor" => 14, _ => 10 }, name switch { "corridor" => 4, _ => 8 });
            switch (name)
            {
                case "default":
                    layout.AddInnerWalls(3 + random.NextInt32(3));
                    layout.AddPillars(2 + random.NextInt32(2));
                    layout.AddBoxes(1 + random.NextInt32(2));
                    break;
                case "corridor":
                    layout.AddBaffles(3);
                    break;
                case "crowd":
                    layout.AddPillars(2);
                    break;
                case NarrowGate.Room:
                    layout.AddGate();
                    layout.AddPillars(2);
                    break;
                default:
                    break;
            }
            if (!layout.PlaceStations(name == "empty" ? 4 : 5 + random.NextInt32(2))) continue;
            if (!layout.PlaceRobots(robots)) continue;
            int moving = name switch { "default" => 2 + random.NextInt32(2), "corridor" => 2, "crowd" => 10, _ => 0 };
            if (!layout.AddMovers(moving, bouncing: name == "crowd")) continue;
            return layout.Finish(name, seed);
        }
        throw new InvalidOperationException($"Bug in EdgeAutonomy.Simulation: scenario '{name}' with seed {seed} and {robots} robots found no layout in 500 attempts.");
    }
}
