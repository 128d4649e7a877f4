using System.Diagnostics.CodeAnalysis;
using Spectre.Console;

namespace EdgeAutonomy.Host;

/// <summary>The two streams a verb writes to: results on standard output, everything else on standard error.</summary>
/// <remarks>With <see cref="Json"/> set, standard output gets one JSON object and nothing else.</remarks>
public sealed class Terminal
{
    /// <summary>Makes a terminal over any two writers; tests pass strings.</summary>
    /// <param name="output">Results.</param>
    /// <param name="error">Progress, logs, errors.</param>
    /// <param name="outputIsScreen">Whether <paramref name="output"/> may show colours and boxes.</param>
    /// <param name="errorIsScreen">Whether <paramref name="error"/> may be redrawn in place.</param>
    public Terminal(TextWriter output, TextWriter error, bool outputIsScreen = false, bool errorIsScreen = false)
    {
        Output = output;
        Error = error;
        OutputIsScreen = outputIsScreen;
        ErrorIsScreen = errorIsScreen;
    }

    /// <summary>Gets the stream of results.</summary>
    public TextWriter Output { get; }

    /// <summary>Gets the stream of progress, logs and errors.</summary>
    public TextWriter Error { get; }

    /// <summary>Gets whether results may be coloured.</summary>
    public bool OutputIsScreen { get; }

    /// <summary>Gets whether progress may be redrawn in place.</summary>
    public bool ErrorIsScreen { get; }

    /// <summary>Gets or sets whether standard output is for one JSON object only.</summary>
    public bool Json { get; set; }

    /// <summary>Makes the terminal of the process: plain text when redirected, when NO_COLOR is set or the terminal is dumb.</summary>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "NO_COLOR and TERM are conventions of the terminal, not configuration of ours.")]
    public static Terminal OfProcess()
    {
        bool plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) || Environment.GetEnvironmentVariable("TERM") is null or "dumb";
        return new Terminal(Console.Out, Console.Error, !plain && !Console.IsOutputRedirected, !plain && !Console.IsErrorRedirected);
    }

    /// <summary>Makes a drawing surface on standard error.</summary>
    public IAnsiConsole ErrorScreen() => Screen(Error);

    /// <summary>Makes a drawing surface on standard output.</summary>
    public IAnsiConsole OutputScreen() => Screen(Output);

    /// <summary>Writes one line to standard error.</summary>
    public void Say(string line) => Error.WriteLine(line);

    private static IAnsiConsole Screen(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
