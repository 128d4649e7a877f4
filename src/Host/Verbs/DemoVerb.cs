using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>The main job: robots in the built-in world.</summary>
internal sealed class DemoVerb : Verb
{
    private readonly Option<int> _robots = VerbOption.Number("--robots", "How many robots.", 3, 1, 64);
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "Simulated seconds.", 30.0, 0.1, 86_400);
    private readonly Option<ulong> _seed = VerbOption.Number<ulong>("--seed", "Seed of everything random; the same seed gives the same run.", 1, 0, ulong.MaxValue);
    private readonly Option<bool> _headless = new("--headless") { Description = "As fast as it goes and without the live table; otherwise one simulated second takes one second." };

    /// <summary>Makes the verb.</summary>
    public DemoVerb()
        : base(
            "demo",
            "Drives robots through the built-in world: event camera, spiking perception, adaptive-step policy, rover.",
            "edge demo",
            "edge demo --robots 5 --seconds 60",
            "edge demo --headless --seconds 20 --seed 1 --json")
    {
        Add(_robots);
        Add(_seconds);
        Add(_seed);
        Add(_headless);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal) => throw new NotImplementedException();
}
