using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>A task of the fleet. Topic <c>task/ID</c>, retained, written by its <see cref="TaskBoard"/> only. Ids are never used again.</summary>
public sealed record FleetTask
{
    /// <summary>Gets the id, 1 to 48 of [A-Za-z0-9_.:-].</summary>
    public required string Id { get; init; }

    /// <summary>Gets what it demands before it is begun.</summary>
    public TaskClass Class { get; init; }

    /// <summary>Gets how it stands.</summary>
    public TaskState State { get; init; }

    /// <summary>Gets how often it was opened again; 0 at first.</summary>
    public uint Revision { get; init; }

    /// <summary>Gets what becomes of it when its robot vanishes in the act.</summary>
    public TaskLoss OnLoss { get; init; }

    /// <summary>Gets where it is, east, m.</summary>
    public double X { get; init; }

    /// <summary>Gets where it is, north, m.</summary>
    public double Y { get; init; }

    /// <summary>Gets the number of the map.</summary>
    public ushort Map { get; init; }

    /// <summary>Gets how long it takes at its place, s; 0 or more.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets what it is worth, above 0 and at most 1e6.</summary>
    public double Reward { get; init; } = 1;

    /// <summary>Gets what to do, in the words of the fleet's missions; up to 256 characters.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Gets who did it; null = nobody yet.</summary>
    public string? By { get; init; }

    /// <summary>Gets why it is held or cancelled.</summary>
    public string Why { get; init; } = "";

    /// <summary>Gets whether it is done or cancelled.</summary>
    public bool IsFinal => State is TaskState.Done or TaskState.Cancelled;

    /// <summary>Returns what is wrong with it, one sentence; null = nothing.</summary>
    public string? Fault()
    {
        if (!FleetNames.IsName(Id, FleetNames.MaxTask) || Id is "coord" or LedgerPage.Name) return $"Task '{UntrustedText.Clean(Id, 60)}' is no id; must be 1 to {FleetNames.MaxTask} of [A-Za-z0-9_.:-] and not 'coord' or 'ledger'.";
        if (!(double.IsFinite(X) && double.IsFinite(Y))) return $"Task '{Id}' is at ({X}, {Y}); must be finite.";
        if (!(Seconds is >= 0 and <= 86_400)) return $"Task '{Id}' takes {Seconds} s; must be in [0, 86400].";
        if (!(Reward is > 0 and <= 1e6)) return $"Task '{Id}' is worth {Reward}; must be in (0, 1e6].";
        if (Kind.Length > FleetJson.MaxText || Why.Length > FleetJson.MaxText) return $"Task '{Id}' has a text of {Math.Max(Kind.Length, Why.Length)} characters; must have at most {FleetJson.MaxText}.";
        return null;
    }

    internal void Write(Utf8JsonWriter json, in FleetEnvelope envelope)
    {
        json.WriteStartObject();
        (envelope with { Epoch = Revision }).Write(json);
        json.WriteString("state"u8, State switch { TaskState.Open => "open"u8, TaskState.Held => "held"u8, TaskState.Done => "done"u8, _ => "cancelled"u8 });
        json.WriteString("class"u8, Class == TaskClass.Exclusive ? "exclusive"u8 : "idempotent"u8);
        json.WriteString("onLoss"u8, OnLoss == TaskLoss.Retry ? "retry"u8 : "hold"u8);
        json.WriteNumber("x"u8, X);
        json.WriteNumber("y"u8, Y);
        json.WriteNumber("map"u8, Map);
        json.WriteNumber("seconds"u8, Seconds);
        json.WriteNumber("reward"u8, Reward);
        if (Kind.Length > 0) json.WriteString("kind"u8, Kind);
        if (By is not null) json.WriteString("by"u8, By);
        if (Why.Length > 0) json.WriteString("why"u8, Why);
        json.WriteEndObject();
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, string id, FleetNames names, out FleetEnvelope envelope, out FleetTask? task)
    {
        (envelope, task) = (default, null);
        try
        {
            var json = new FleetJson(payload);
            var read = new FleetTask { Id = id, State = (TaskState)255 };
            while (json.Next(out var field))
            {
                read = field switch
                {
                    FleetField.State => read with { State = json.Is("open"u8) ? TaskState.Open : json.Is("held"u8) ? TaskState.Held : json.Is("done"u8) ? TaskState.Done : json.Is("cancelled"u8) ? TaskState.Cancelled : throw new JsonException() },
                    FleetField.Class => read with { Class = json.Is("exclusive"u8) ? TaskClass.Exclusive : json.Is("idempotent"u8) ? TaskClass.Idempotent : throw new JsonException() },
                    FleetField.OnLoss => read with { OnLoss = json.Is("retry"u8) ? TaskLoss.Retry : TaskLoss.Hold },
                    FleetField.X => read with { X = json.Number() },
                    FleetField.Y => read with { Y = json.Number() },
                    FleetField.Map => read with { Map = (ushort)json.Whole(ushort.MaxValue) },
                    FleetField.Seconds => read with { Seconds = json.Number() },
                    FleetField.Reward => read with { Reward = json.Number() },
                    FleetField.Kind => read with { Kind = json.Text() },
                    FleetField.By => read with { By = json.Name(names, FleetNames.MaxRobot) },
                    FleetField.Why => read with { Why = json.Text() },
                    _ => read,
                };
            }
            envelope = json.Envelope;
            if (read.State > TaskState.Cancelled || envelope.Epoch > uint.MaxValue) return false;
            task = read with { Revision = (uint)envelope.Epoch };
            if (task.Fault() is null) return true;
            task = null;
            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
