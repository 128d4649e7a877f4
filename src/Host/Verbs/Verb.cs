using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EdgeAutonomy.Host;

/// <summary>One verb of the program: its options, its examples, and what it does.</summary>
internal abstract class Verb : Command
{
    /// <summary>Makes a verb.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="examples">Whole command lines that work.</param>
    protected Verb(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        Add(Json);
    }

    /// <summary>Gets the examples shown below the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Gets the option that every verb has.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print exactly one JSON object on standard output; logs and progress go to standard error." };

    /// <summary>Does the work.</summary>
    /// <param name="parse">The options, free of errors.</param>
    /// <param name="terminal">Where results and progress go.</param>
    /// <exception cref="EdgeException">It did not work out; the exception has the text and the code.</exception>
    public abstract ExitCode Run(ParseResult parse, Terminal terminal);

    /// <summary>Adds the examples to this command's help.</summary>
    /// <param name="help">The help option of the root, which prints the rest.</param>
    internal void ShowExamplesAfter(HelpOption help)
    {
        var own = new HelpOption { Action = new HelpWithExamples((HelpAction)help.Action!, this) };
        Add(own);
    }

    private sealed class HelpWithExamples(HelpAction inner, Verb verb) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            inner.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (verb.Examples.Count > 0) output.WriteLine("Examples:");
            foreach (string example in verb.Examples) output.WriteLine("  " + example);
            return 0;
        }
    }
}
