using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>What a robot says about its being there: after every connection, when it leaves, and as its will. Topic <c>r/ROBOT/status</c>, retained.</summary>
/// <param name="Presence">Whether it is there.</param>
/// <param name="Software">What it runs.</param>
/// <param name="Capabilities">A hash of what it can do.</param>
/// <param name="VoterOf">The roster in which it is admitted; 0 = none.</param>
public readonly record struct StatusMessage(RobotPresence Presence, string Software, ulong Capabilities, uint VoterOf)
{
    internal void Write(Utf8JsonWriter json, in FleetEnvelope envelope)
    {
        json.WriteStartObject();
        envelope.Write(json);
        json.WriteString("state"u8, Presence switch { RobotPresence.Online => "ONLINE"u8, RobotPresence.Offline => "OFFLINE"u8, _ => "BROKEN"u8 });
        json.WriteString("software"u8, Software);
        json.WriteNumber("capabilities"u8, Capabilities);
        json.WriteNumber("voter"u8, VoterOf);
        json.WriteEndObject();
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, out FleetEnvelope envelope, out StatusMessage status)
    {
        (envelope, status) = (default, default);
        try
        {
            var json = new FleetJson(payload);
            var presence = RobotPresence.Unknown;
            string software = "";
            ulong capabilities = 0;
            uint voter = 0;
            while (json.Next(out var field))
            {
                if (field == FleetField.State)
                    presence = json.Is("ONLINE"u8) ? RobotPresence.Online : json.Is("OFFLINE"u8) ? RobotPresence.Offline : json.Is("BROKEN"u8) ? RobotPresence.Broken : throw new JsonException();
                else if (field == FleetField.Software) software = json.Text();
                else if (field == FleetField.Capabilities) capabilities = json.Whole(ulong.MaxValue);
                else if (field == FleetField.Voter) voter = (uint)json.Whole(uint.MaxValue);
            }
            envelope = json.Envelope;
            status = new StatusMessage(presence, software, capabilities, voter);
            return presence != RobotPresence.Unknown;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
