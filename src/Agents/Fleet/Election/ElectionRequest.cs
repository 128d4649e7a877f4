using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>A robot's wish to coordinate. Topic <c>r/CANDIDATE/claim/coord</c>.</summary>
/// <param name="Term">The term it would lead.</param>
/// <param name="Preliminary">Whether it only asks if it would be elected: so that a robot cut off from the others does not count terms up and disturb them later.</param>
/// <param name="Roster">The number of the list of voters.</param>
public readonly record struct ElectionRequest(uint Term, bool Preliminary, uint Roster)
{
    internal void Write(Utf8JsonWriter json, in FleetEnvelope envelope)
    {
        json.WriteStartObject();
        (envelope with { Epoch = Term }).Write(json);
        json.WriteNumber("roster"u8, Roster);
        if (Preliminary) json.WriteBoolean("pre"u8, true);
        json.WriteEndObject();
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, out FleetEnvelope envelope, out ElectionRequest request)
    {
        (envelope, request) = (default, default);
        try
        {
            var json = new FleetJson(payload);
            uint roster = 0;
            bool pre = false;
            while (json.Next(out var field))
            {
                if (field == FleetField.Roster) roster = (uint)json.Whole(uint.MaxValue);
                else if (field == FleetField.Preliminary) pre = json.Flag();
            }
            envelope = json.Envelope;
            request = new ElectionRequest((uint)envelope.Epoch, pre, roster);
            return envelope.Epoch is > 0 and < uint.MaxValue;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
