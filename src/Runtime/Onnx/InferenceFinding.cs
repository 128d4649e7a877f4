namespace EdgeAutonomy.Runtime;

/// <summary>One thing to know about how an engine was made.</summary>
/// <param name="IsWarning">True when something that was asked for is missing; false for information.</param>
/// <param name="Message">What it is, in one line.</param>
public sealed record InferenceFinding(bool IsWarning, string Message)
{
    /// <summary>Returns the message.</summary>
    public override string ToString() => Message;
}
