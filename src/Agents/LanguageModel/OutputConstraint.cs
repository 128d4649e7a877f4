namespace EdgeAutonomy.Agents;

/// <summary>How a server is told to answer with one of the commands on offer. Never both: llama.cpp's server refuses a request with schema and grammar.</summary>
public enum OutputConstraint
{
    /// <summary>A JSON schema in <c>response_format</c>: llama.cpp, Ollama, vLLM.</summary>
    JsonSchema,

    /// <summary>A GBNF grammar in <c>grammar</c>: llama.cpp.</summary>
    Grammar,

    /// <summary>Nothing but words in the prompt; the guard's checks are the same.</summary>
    None,
}
