using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>What one robot believes: who wins which task with which bid, and how late its news of every robot is. Topic <c>r/ROBOT/cbba</c>, retained.</summary>
/// <remarks>Filled again and again; reading and writing allocate nothing once its lists have grown and all names were met.</remarks>
public sealed class CbbaMessage
{
    /// <summary>Gets the robots that the message speaks of.</summary>
    public List<string> Robots { get; } = [];

    /// <summary>Gets how late the sender's news of each is: incarnation in the high half, a counter in the low; 0 = none.</summary>
    public List<ulong> Stamps { get; } = [];

    /// <summary>Gets the tasks.</summary>
    public List<string> Tasks { get; } = [];

    /// <summary>Gets the winning bid of each, finite and 0 or more.</summary>
    public List<double> Bids { get; } = [];

    /// <summary>Gets the place of each task's winner in <see cref="Robots"/>; −1 = nobody.</summary>
    public List<int> Winners { get; } = [];

    internal void Clear()
    {
        Robots.Clear();
        Stamps.Clear();
        Tasks.Clear();
        Bids.Clear();
        Winners.Clear();
    }

    internal void Write(Utf8JsonWriter json, in FleetEnvelope envelope)
    {
        json.WriteStartObject();
        envelope.Write(json);
        json.WriteStartArray("robots"u8);
        foreach (string robot in Robots) json.WriteStringValue(robot);
        json.WriteEndArray();
        json.WriteStartArray("stamps"u8);
        foreach (ulong stamp in Stamps) json.WriteNumberValue(stamp);
        json.WriteEndArray();
        json.WriteStartArray("tasks"u8);
        foreach (string task in Tasks) json.WriteStringValue(task);
        json.WriteEndArray();
        json.WriteStartArray("bids"u8);
        foreach (double bid in Bids) json.WriteNumberValue(bid);
        json.WriteEndArray();
        json.WriteStartArray("winners"u8);
        foreach (int winner in Winners) json.WriteNumberValue(winner);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, FleetNames names, CbbaMessage into, out FleetEnvelope envelope)
    {
        envelope = default;
        into.Clear();
        try
        {
            var json = new FleetJson(payload);
            while (json.Next(out var field))
            {
                switch (field)
                {
                    case FleetField.Robots:
                        json.StartArray();
                        while (json.Element(into.Robots.Count)) into.Robots.Add(json.Name(names, FleetNames.MaxRobot)!);
                        break;
                    case FleetField.Stamps:
                        json.StartArray();
                        while (json.Element(into.Stamps.Count)) into.Stamps.Add(json.Whole(ulong.MaxValue));
                        break;
                    case FleetField.Tasks:
                        json.StartArray();
                        while (json.Element(into.Tasks.Count)) into.Tasks.Add(json.Name(names, FleetNames.MaxTask)!);
                        break;
                    case FleetField.Bids:
                        json.StartArray();
                        while (json.Element(into.Bids.Count)) into.Bids.Add(json.Number());
                        break;
                    case FleetField.Winners:
                        json.StartArray();
                        while (json.Element(into.Winners.Count)) into.Winners.Add((int)json.Signed(-1, FleetJson.MaxArray - 1));
                        break;
                }
            }
            envelope = json.Envelope;
            return into.IsSound();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool IsSound()
    {
        if (Stamps.Count != Robots.Count || Bids.Count != Tasks.Count || Winners.Count != Tasks.Count) return false;
        for (int i = 0; i < Tasks.Count; i++)
        {
            if (!(Bids[i] >= 0) || Winners[i] >= Robots.Count || (Winners[i] >= 0 && Bids[i] <= 0)) return false;
        }
        return true;
    }
}
