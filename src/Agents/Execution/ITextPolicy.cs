namespace EdgeAutonomy.Agents;

/// <summary>A policy that answers in text, such as a language model; the guard reads the text, not the policy.</summary>
public interface ITextPolicy : IAgentPolicy
{
    /// <summary>Asks for the next command.</summary>
    /// <param name="context">What is known.</param>
    /// <param name="feedback">Why the last answer to the same question was refused; null the first time.</param>
    /// <param name="cancel">Set when the decision's deadline has passed.</param>
    /// <returns>The reply as it came, checked by nobody.</returns>
    ValueTask<TextReply> ReplyAsync(AgentContext context, string? feedback, CancellationToken cancel);
}
