namespace EdgeAutonomy.Host;

/// <summary>A robot cannot do what the mission needs; the mission ends as a fault with this text.</summary>
internal sealed class MissionBodyException : Exception
{
    /// <summary>Makes an exception without a text.</summary>
    public MissionBodyException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was not done, and how often.</param>
    public MissionBodyException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a cause.</summary>
    /// <param name="message">What was not done.</param>
    /// <param name="cause">Why.</param>
    public MissionBodyException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
