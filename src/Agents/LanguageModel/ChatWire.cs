using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EdgeAutonomy.Agents;

/// <summary>The two JSON bodies of <c>chat/completions</c>.</summary>
internal static class ChatWire
{
    public static byte[] Write(IEnumerable<ChatMessage> messages, ChatOptions? options, LanguageModelOptions settings)
    {
        var schema = (options?.ResponseFormat as ChatResponseFormatJson)?.Schema;
        string? grammar = options?.AdditionalProperties?.TryGetValue(OpenAiChatClient.GrammarKey, out string? g) == true ? g : null;
        if (schema is not null && grammar is not null) throw new ArgumentException("A request has a JSON schema and a grammar; servers take one of them only.", nameof(options));
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            string model = options?.ModelId ?? settings.Model;
            if (model.Length > 0) writer.WriteString("model", model);
            writer.WriteStartArray("messages");
            foreach (var message in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role", message.Role.Value);
                writer.WriteString("content", message.Text);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteNumber("temperature", options?.Temperature ?? settings.Temperature);
            writer.WriteNumber("max_tokens", options?.MaxOutputTokens ?? settings.MaxTokens);
            writer.WriteNumber("seed", options?.Seed ?? settings.Seed);
            writer.WriteBoolean("stream", false);
            if (grammar is not null) writer.WriteString("grammar", grammar);
            if (schema is { } s)
            {
                writer.WriteStartObject("response_format");
                writer.WriteString("type", "json_schema");
                writer.WriteStartObject("json_schema");
                writer.WriteString("name", "command");
                writer.WriteBoolean("strict", true);
                writer.WritePropertyName("schema");
                s.WriteTo(writer);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static ChatResponse Read(ReadOnlyMemory<byte> body, LanguageModelOptions settings)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            var choices = root.GetProperty("choices");
            if (choices.GetArrayLength() != 1) throw new LanguageModelException($"{settings}: the answer has {choices.GetArrayLength()} choices, 1 was asked for.");
            string text = choices[0].GetProperty("message").GetProperty("content").GetString() ?? "";
            string model = root.TryGetProperty("model", out var m) && m.ValueKind == JsonValueKind.String ? m.GetString()! : settings.Model;
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { ModelId = UntrustedText.Clean(model, 128) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new LanguageModelException($"{settings}: the answer has no choices[0].message.content; is it a chat/completions server?", e);
        }
    }
}
