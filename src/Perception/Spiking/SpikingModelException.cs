namespace EdgeAutonomy.Perception;

/// <summary>A network description that cannot be run: which node, what it holds, which rule that breaks, in one sentence.</summary>
public sealed class SpikingModelException : Exception
{
    /// <summary>Makes an error about no node in particular.</summary>
    public SpikingModelException()
        : this("The network cannot be run.")
    {
    }

    /// <summary>Makes an error about the network as a whole.</summary>
    public SpikingModelException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with its cause.</summary>
    public SpikingModelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an error about one node.</summary>
    /// <param name="node">The node's path; nested names joined by '/'.</param>
    /// <param name="message">The whole sentence.</param>
    public SpikingModelException(string node, string message)
        : base(message)
    {
        Node = node;
    }

    /// <summary>Gets the node's path; empty when the error is about no node in particular.</summary>
    public string Node { get; } = "";
}
