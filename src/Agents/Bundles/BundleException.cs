namespace EdgeAutonomy.Agents;

/// <summary>A bundle is refused.</summary>
public sealed class BundleException : Exception
{
    /// <summary>Makes an exception without a reason.</summary>
    public BundleException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What, where, the value and the rule.</param>
    public BundleException(string message) : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What, where, the value and the rule.</param>
    /// <param name="innerException">The cause.</param>
    public BundleException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an exception that names the rule.</summary>
    /// <param name="refusal">The rule.</param>
    /// <param name="message">What, where, the value and the rule.</param>
    public BundleException(BundleRefusal refusal, string message) : base(message) => Refusal = refusal;

    /// <summary>Gets the rule that was broken.</summary>
    public BundleRefusal Refusal { get; }
}
