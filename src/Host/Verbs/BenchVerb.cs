using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>Performance figures.</summary>
internal sealed class BenchVerb : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "What to measure: loop, wake, ring, sim or decode." };

    /// <summary>Makes the verb.</summary>
    public BenchVerb()
        : base("bench", "Measures one part of the runtime on this machine; no sample is left out.", "edge bench loop", "edge bench wake --json") => Add(_name);

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal) => throw new NotImplementedException();
}
