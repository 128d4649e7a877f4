namespace EdgeAutonomy.Agents;

/// <summary>Where a language model is and how it is asked. Comes from configuration only; nothing a model, a label or a robot says can change it.</summary>
public sealed class LanguageModelOptions
{
    /// <summary>Gets the server's base address, which ends where <c>chat/completions</c> follows; default llama.cpp's server on this machine.</summary>
    /// <remarks>Plain HTTP is allowed to this machine only.</remarks>
    public Uri Endpoint { get; init; } = new("http://127.0.0.1:8080/v1/");

    /// <summary>Gets the model's name as the server knows it; empty lets the server choose.</summary>
    public string Model { get; init; } = "";

    /// <summary>Gets the key that the server wants; empty for none. Sent as a bearer token, shown and logged nowhere.</summary>
    public string ApiKey { private get; init; } = "";

    /// <summary>Gets how the answer is constrained; default by JSON schema.</summary>
    public OutputConstraint Constraint { get; init; }

    /// <summary>Gets the sampling temperature; default 0, in [0, 2].</summary>
    public float Temperature { get; init; }

    /// <summary>Gets the longest answer in tokens; default 64, in [8, 4096].</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>Gets the seed sent with each question; default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Gets the largest HTTP body that is read, in bytes; default 64 KiB, in [1 KiB, 1 MiB].</summary>
    public int MaxBodyBytes { get; init; } = 65536;

    /// <summary>Gets the longest piece of text from outside in a prompt, in characters; default 600, in [16, 8192].</summary>
    public int MaxTextLength { get; init; } = 600;

    internal string Authorization => ApiKey.Length == 0 ? "" : "Bearer " + ApiKey;

    /// <summary>Returns address and model; never the key.</summary>
    public override string ToString() => $"{Endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)} {Model}";

    internal void Validate()
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https")) throw new ArgumentException($"Language model: Endpoint is '{Endpoint}'; must be an absolute http or https address.");
        if (Endpoint.UserInfo.Length > 0) throw new ArgumentException("Language model: Endpoint holds a user name or password; put a key into ApiKey.");
        if (Endpoint.Query.Length > 0 || Endpoint.Fragment.Length > 0) throw new ArgumentException("Language model: Endpoint holds a query or fragment; give the base address only.");
        if (!Endpoint.AbsolutePath.EndsWith('/')) throw new ArgumentException($"Language model: Endpoint is '{Endpoint}'; must end in '/'.");
        if (Endpoint.Scheme == "http" && !Endpoint.IsLoopback) throw new ArgumentException($"Language model: Endpoint is '{Endpoint}'; plain http is allowed to this machine only, use https.");
        if (!(Temperature is >= 0 and <= 2)) throw new ArgumentException($"Language model: Temperature is {Temperature}; must be in [0, 2].");
        if (MaxTokens is < 8 or > 4096) throw new ArgumentException($"Language model: MaxTokens is {MaxTokens}; must be in [8, 4096].");
        if (MaxBodyBytes is < 1024 or > 1 << 20) throw new ArgumentException($"Language model: MaxBodyBytes is {MaxBodyBytes}; must be in [1024, 1048576].");
        if (MaxTextLength is < 16 or > 8192) throw new ArgumentException($"Language model: MaxTextLength is {MaxTextLength}; must be in [16, 8192].");
        // A line break would let a key smuggle further headers.
        if (ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new ArgumentException("Language model: ApiKey holds a space, a control character or a character outside ASCII.");
    }
}
