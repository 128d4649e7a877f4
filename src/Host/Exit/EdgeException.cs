namespace EdgeAutonomy.Host;

/// <summary>A failure whose one-sentence text and exit code are already right for the user.</summary>
public sealed class EdgeException : Exception
{
    /// <summary>Makes the failure.</summary>
    /// <param name="code">What the process returns.</param>
    /// <param name="message">What, where, the value, the rule or next step: one sentence.</param>
    /// <param name="inner">What caused it.</param>
    public EdgeException(ExitCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Gets what the process returns.</summary>
    public ExitCode Code { get; }
}
