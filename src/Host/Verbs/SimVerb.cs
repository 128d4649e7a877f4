using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>Simulation in the loop, many episodes, faster than real time.</summary>
internal sealed class SimVerb : Verb
{
    private readonly Option<string?> _scenario = VerbOption.Text("--scenario", "name", "Scenario of the built-in world; default room.");
    private readonly Option<int> _episodes = VerbOption.Number("--episodes", "How many episodes, each with a seed of its own.", 10, 1, 1_000_000);
    private readonly Option<int> _robots = VerbOption.Number("--robots", "Robots per episode.", 1, 1, 64);
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "Simulated seconds per episode.", 30.0, 0.1, 86_400);
    private readonly Option<ulong> _seed = VerbOption.Number<ulong>("--seed", "Seed of the first episode; episode i takes seed + i.", 1, 0, ulong.MaxValue);

    /// <summary>Makes the verb.</summary>
    public SimVerb()
        : base(
            "sim",
            "Runs many episodes of the built-in world, headless and faster than real time, and gives rates with 95 % intervals.",
            "edge sim --episodes 20 --seed 7",
            "edge sim --scenario corridor --robots 4 --episodes 10 --json")
    {
        Add(_scenario);
        Add(_episodes);
        Add(_robots);
        Add(_seconds);
        Add(_seed);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal) => throw new NotImplementedException();
}
