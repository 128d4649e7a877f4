namespace EdgeAutonomy.Agents;

/// <summary>The language model of a bundle, with the wording it is asked in.</summary>
/// <param name="ModelId">The model, as its server knows it.</param>
/// <param name="PromptTemplateSha256">Hash of the wording.</param>
/// <param name="GrammarSha256">Hash of the way answers are constrained.</param>
public sealed record BundleModel(string ModelId, string PromptTemplateSha256, string GrammarSha256);
