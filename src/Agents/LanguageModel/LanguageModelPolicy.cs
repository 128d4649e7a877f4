using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace EdgeAutonomy.Agents;

/// <summary>A language model as a policy: it says which of the commands on offer comes next, about once a second, and never moves anything itself.</summary>
/// <remarks>Keeps nothing between questions: the same mission can change from and to it at any step. What it says is text for the guard. Thread-safe.</remarks>
public sealed class LanguageModelPolicy : ITextPolicy
{
    private readonly IChatClient _client;
    private readonly LanguageModelOptions _options;
    private readonly MissionPrompt _prompt;

    /// <summary>Makes a policy.</summary>
    /// <param name="client">The model; ours or any other implementation.</param>
    /// <param name="options">How it is asked.</param>
    /// <param name="version">Which bundle this is; model and wording when null.</param>
    public LanguageModelPolicy(IChatClient client, LanguageModelOptions options, string? version = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _client = client;
        _options = options;
        _prompt = new MissionPrompt(options.MaxTextLength);
        Version = version ?? $"llm:{options.Model}:{MissionPrompt.TemplateSha256[..12]}";
    }

    /// <summary>Makes the policy of a bundle: model, wording and constraint must be those that the bundle was evaluated with.</summary>
    /// <param name="client">The model.</param>
    /// <param name="options">How it is asked on this robot.</param>
    /// <param name="bundle">A bundle of kind <see cref="BundleKind.Llm"/>.</param>
    /// <exception cref="BundleException">One of the three differs.</exception>
    public static LanguageModelPolicy Of(IChatClient client, LanguageModelOptions options, PolicyBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(bundle);
        if (bundle.Manifest.Llm is not { } model) throw new BundleException(BundleRefusal.Malformed, $"Bundle {bundle.Id} is of kind {bundle.Manifest.Kind}; a language model's is needed.");
        Same("model", model.ModelId, options.Model);
        Same("wording", model.PromptTemplateSha256, MissionPrompt.TemplateSha256);
        Same("constraint", model.GrammarSha256, CommandGrammar.FormSha256(options.Constraint));
        return new LanguageModelPolicy(client, options, bundle.Id);
    }

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public void Begin()
    {
    }

    /// <inheritdoc/>
    public async ValueTask<TextReply> ReplyAsync(AgentContext context, string? feedback, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(context);
        var messages = _prompt.Write(context, feedback);
        string prompt = string.Join('\n', messages.Select(m => m.Text));
        var response = await _client.GetResponseAsync(messages, Options(context), cancel).ConfigureAwait(false);
        string text = response.Text;
        // A client that is not ours may hand over any amount; what is kept for the record stays small.
        bool cutOff = text.Length > _options.MaxBodyBytes;
        var bytes = Encoding.UTF8.GetBytes(cutOff ? text[.._options.MaxBodyBytes] : text);
        return new TextReply(bytes, cutOff, prompt, Hash(prompt), response.ModelId ?? _options.Model, _options.Seed);
    }

    /// <summary>Proposes a command for callers that cannot read text, with the reading that the guard uses.</summary>
    /// <exception cref="LanguageModelException">The reply is not one of the commands on offer.</exception>
    /// <inheritdoc/>
    public async ValueTask<AgentDecision> DecideAsync(AgentContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(context);
        var reply = await ReplyAsync(context, null, cancel).ConfigureAwait(false);
        var refusal = ReplyReader.Read(reply, new GuardOptions().MaxReplyBytes, out string action);
        if (refusal is not null) throw new LanguageModelException($"{_options}: {refusal.Feedback}");
        var call = context.Candidates.FirstOrDefault(c => string.Equals(c.Text, action, StringComparison.Ordinal))
            ?? throw new LanguageModelException($"{_options}: '{UntrustedText.Clean(action, 80)}' is not among the commands on offer.");
        return new AgentDecision(call, null, TimeSpan.Zero, DecisionSource.LanguageModel, Version, []);
    }

    private static void Same(string what, string made, string here)
    {
        if (made != here) throw new BundleException(BundleRefusal.Vocabulary, $"Language model: its {what} is '{UntrustedText.Clean(here, 80)}' here, the bundle was made with '{UntrustedText.Clean(made, 80)}'; use the same or evaluate a new bundle.");
    }

    private ChatOptions Options(AgentContext context)
    {
        var options = new ChatOptions { Temperature = _options.Temperature, MaxOutputTokens = _options.MaxTokens, Seed = _options.Seed };
        if (_options.Model.Length > 0) options.ModelId = _options.Model;
        if (_options.Constraint == OutputConstraint.JsonSchema) options.ResponseFormat = ChatResponseFormat.ForJsonSchema(CommandGrammar.Schema(context.Candidates), "command");
        if (_options.Constraint == OutputConstraint.Grammar) options.AdditionalProperties = new() { [OpenAiChatClient.GrammarKey] = CommandGrammar.Gbnf(context.Candidates) };
        return options;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
