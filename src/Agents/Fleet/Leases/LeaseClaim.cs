using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>A robot's request for a lease, or its word that it gives one back. Topic <c>r/HOLDER/claim/TASK</c>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Epoch">The fencing token it will have: above every one that the robot knows.</param>
/// <param name="Incarnation">The incarnation of the robot that asks.</param>
/// <param name="Length">For how long.</param>
/// <param name="Roster">The number of the list of voters that it was made for.</param>
/// <param name="Revision">The revision of the task.</param>
/// <param name="Commit">Whether the robot is about to do what cannot be undone: voters never give the task to another one then, until its revision changes.</param>
/// <param name="Release">Whether the robot gives the lease of this epoch back.</param>
public readonly record struct LeaseClaim(string Task, ulong Epoch, uint Incarnation, Duration Length, uint Roster, uint Revision, bool Commit = false, bool Release = false)
{
    /// <summary>Gets how long a lease can be at most.</summary>
    public static Duration Longest { get; } = new(60_000_000_000);

    internal void Write(Utf8JsonWriter json, in FleetEnvelope envelope)
    {
        json.WriteStartObject();
        (envelope with { Epoch = Epoch }).Write(json);
        json.WriteNumber("ns"u8, Length.Nanoseconds);
        json.WriteNumber("roster"u8, Roster);
        json.WriteNumber("rev"u8, Revision);
        if (Commit) json.WriteBoolean("commit"u8, true);
        if (Release) json.WriteBoolean("release"u8, true);
        json.WriteEndObject();
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, string task, out FleetEnvelope envelope, out LeaseClaim claim)
    {
        (envelope, claim) = (default, default);
        try
        {
            var json = new FleetJson(payload);
            long ns = 0;
            uint roster = 0, revision = 0;
            bool commit = false, release = false;
            while (json.Next(out var field))
            {
                if (field == FleetField.DurationNs) ns = json.Signed(1, Longest.Nanoseconds);
                else if (field == FleetField.Roster) roster = (uint)json.Whole(uint.MaxValue);
                else if (field == FleetField.Revision) revision = (uint)json.Whole(uint.MaxValue);
                else if (field == FleetField.Commit) commit = json.Flag();
                else if (field == FleetField.Release) release = json.Flag();
            }
            envelope = json.Envelope;
            claim = new LeaseClaim(task, envelope.Epoch, envelope.Incarnation, new Duration(ns), roster, revision, commit, release);
            return ns > 0 && envelope.Epoch > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
