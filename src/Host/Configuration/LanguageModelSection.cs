using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Keys of a language model behind an OpenAI-compatible server: llama.cpp, Ollama, vLLM.</summary>
public sealed class LanguageModelSection
{
    /// <summary>Gets the server's address.</summary>
    [Option("Base address of the server, ending in '/'. Plain http is allowed to this machine only.")]
    public string Endpoint { get; init; } = "http://127.0.0.1:8080/v1/";

    /// <summary>Gets the model's name.</summary>
    [Option("The model's name as the server knows it; empty lets the server choose.")]
    public string Model { get; init; } = "";

    /// <summary>Gets the file of the key.</summary>
    [Option("File with the key that the server wants, one line; never the key itself, because configurations are recorded.", IsFile = true)]
    public string ApiKeyFile { get; init; } = "";

    /// <summary>Gets how the answer is constrained.</summary>
    [Option("How the server is told to answer with a command: by JSON schema, by GBNF grammar (llama.cpp), or by words only.")]
    public OutputConstraint Constraint { get; init; }

    /// <summary>Gets the sampling temperature.</summary>
    [Option("Sampling temperature.", Min = 0, Max = 2)]
    public double Temperature { get; init; }

    /// <summary>Gets the longest answer.</summary>
    [Option("Longest answer in tokens.", Min = 8, Max = 4096)]
    public int MaxTokens { get; init; } = 64;

    /// <summary>Returns the settings of the client.</summary>
    /// <param name="withKey">Whether the key is read from its file.</param>
    /// <exception cref="ArgumentException">The address or the key is none.</exception>
    /// <exception cref="IOException">The key cannot be read.</exception>
    public LanguageModelOptions ToOptions(bool withKey) => new()
    {
        Endpoint = Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) ? address : throw new ArgumentException($"Language model: Endpoint is '{Endpoint}'; must be an absolute http or https address."),
        Model = Model,
        ApiKey = withKey && ApiKeyFile.Length > 0 ? File.ReadAllText(ApiKeyFile).Trim() : "",
        Constraint = Constraint,
        Temperature = (float)Temperature,
        MaxTokens = MaxTokens,
    };
}
