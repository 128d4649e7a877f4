using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>Checks a configuration and lists every error.</summary>
internal sealed class ValidateVerb : Verb
{
    private readonly Argument<string> _file = new("file") { Description = "Configuration file (JSON, comments allowed)." };

    /// <summary>Makes the verb.</summary>
    public ValidateVerb()
        : base("validate", "Checks a configuration and lists every error at once; starts nothing.", "edge validate robot.json", "edge validate robot.json --json") => Add(_file);

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal) => throw new NotImplementedException();
}
