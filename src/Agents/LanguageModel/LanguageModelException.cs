namespace EdgeAutonomy.Agents;

/// <summary>A language model's server gave no usable answer.</summary>
public sealed class LanguageModelException : Exception
{
    /// <summary>Makes an exception without a reason.</summary>
    public LanguageModelException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What, where, the value and the next step; never a key.</param>
    public LanguageModelException(string message) : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What, where, the value and the next step; never a key.</param>
    /// <param name="innerException">The cause.</param>
    public LanguageModelException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
