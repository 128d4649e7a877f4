using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>A voter's answer to a claim. Topic <c>r/VOTER/vote/TASK</c>, so that nobody else can have written it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Epoch">The epoch that was claimed.</param>
/// <param name="Holder">The robot that claimed.</param>
/// <param name="Incarnation">Its incarnation.</param>
/// <param name="Roster">The number of the list of voters.</param>
/// <param name="Granted">Whether the voter granted.</param>
/// <param name="Known">The greatest epoch that the voter has granted to anybody; the next claim must be above it.</param>
/// <param name="Commit">Whether the voter has the task down as committed to <paramref name="Holder"/> when granted, or to another robot when refused.</param>
public readonly record struct LeaseVote(string Task, ulong Epoch, string Holder, uint Incarnation, uint Roster, bool Granted, ulong Known, bool Commit)
{
    internal void Write(Utf8JsonWriter json, in FleetEnvelope envelope)
    {
        json.WriteStartObject();
        (envelope with { Epoch = Epoch }).Write(json);
        json.WriteString("holder"u8, Holder);
        json.WriteNumber("holderInc"u8, Incarnation);
        json.WriteNumber("roster"u8, Roster);
        json.WriteBoolean("granted"u8, Granted);
        json.WriteNumber("known"u8, Known);
        if (Commit) json.WriteBoolean("commit"u8, true);
        json.WriteEndObject();
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, string task, FleetNames names, out FleetEnvelope envelope, out LeaseVote vote)
    {
        (envelope, vote) = (default, default);
        try
        {
            var json = new FleetJson(payload);
            string? holder = null;
            uint incarnation = 0, roster = 0;
            ulong known = 0;
            bool granted = false, commit = false;
            while (json.Next(out var field))
            {
                if (field == FleetField.Holder) holder = json.Name(names, FleetNames.MaxRobot);
                else if (field == FleetField.HolderIncarnation) incarnation = (uint)json.Whole(uint.MaxValue);
                else if (field == FleetField.Roster) roster = (uint)json.Whole(uint.MaxValue);
                else if (field == FleetField.Granted) granted = json.Flag();
                else if (field == FleetField.Known) known = json.Whole(ulong.MaxValue);
                else if (field == FleetField.Commit) commit = json.Flag();
            }
            envelope = json.Envelope;
            vote = new LeaseVote(task, envelope.Epoch, holder ?? "", incarnation, roster, granted, known, commit);
            return holder is not null && incarnation != 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
