using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>A voter's answer to a candidate, or its word that it knows a later term. Topic <c>r/VOTER/vote/coord</c>.</summary>
/// <param name="Term">The term of the request when granted, else the voter's own term.</param>
/// <param name="Candidate">Who asked.</param>
/// <param name="Preliminary">Whether the question was preliminary.</param>
/// <param name="Granted">Whether the voter grants.</param>
/// <param name="Roster">The number of the list of voters.</param>
public readonly record struct ElectionVote(uint Term, string Candidate, bool Preliminary, bool Granted, uint Roster)
{
    internal void Write(Utf8JsonWriter json, in FleetEnvelope envelope)
    {
        json.WriteStartObject();
        (envelope with { Epoch = Term }).Write(json);
        json.WriteString("candidate"u8, Candidate);
        json.WriteNumber("roster"u8, Roster);
        json.WriteBoolean("granted"u8, Granted);
        if (Preliminary) json.WriteBoolean("pre"u8, true);
        json.WriteEndObject();
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, FleetNames names, out FleetEnvelope envelope, out ElectionVote vote)
    {
        (envelope, vote) = (default, default);
        try
        {
            var json = new FleetJson(payload);
            string? candidate = null;
            uint roster = 0;
            bool pre = false, granted = false;
            while (json.Next(out var field))
            {
                if (field == FleetField.Candidate) candidate = json.Name(names, FleetNames.MaxRobot);
                else if (field == FleetField.Roster) roster = (uint)json.Whole(uint.MaxValue);
                else if (field == FleetField.Preliminary) pre = json.Flag();
                else if (field == FleetField.Granted) granted = json.Flag();
            }
            envelope = json.Envelope;
            vote = new ElectionVote((uint)envelope.Epoch, candidate ?? "", pre, granted, roster);
            return candidate is not null && envelope.Epoch < uint.MaxValue;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
