namespace EdgeAutonomy.Agents;

/// <summary>What a policy that answers in text said, before anybody looked at it.</summary>
/// <param name="Utf8">The reply's bytes as they came.</param>
/// <param name="CutOff">Whether there was more than was read; such a reply is refused.</param>
/// <param name="Prompt">What it was asked, for the record.</param>
/// <param name="PromptHash">SHA-256 of the prompt, lower-case hexadecimal.</param>
/// <param name="Model">The model that answered, by its own word or the configuration's.</param>
/// <param name="Seed">The seed it was asked with; null where it was not.</param>
public sealed record TextReply(ReadOnlyMemory<byte> Utf8, bool CutOff, string Prompt, string PromptHash, string Model, long? Seed);
