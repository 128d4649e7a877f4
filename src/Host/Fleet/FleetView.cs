using System.Buffers;
using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Writes how a fleet stands as JSON: for the channel of a recording, and for the live page. Keys stay; docs/fleet.md lists them.</summary>
internal static class FleetView
{
    /// <summary>Writes it.</summary>
    /// <param name="now">When.</param>
    /// <param name="members">The robots.</param>
    /// <param name="board">The tasks.</param>
    public static byte[] Write(Stamp now, IReadOnlyList<FleetMember> members, TaskBoard board)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("time", Math.Round(now.Seconds, 3));
            json.WriteStartArray("robots");
            foreach (var member in members) Robot(json, member, now);
            json.WriteEndArray();
            json.WriteStartArray("tasks");
            foreach (var task in board.Tasks) Task(json, task, members, now);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes it as one robot knows it: itself, and the tasks that it has heard of and that are not finished.</summary>
    /// <param name="now">The robot's monotonic time.</param>
    /// <param name="member">The robot.</param>
    public static byte[] Write(Stamp now, FleetMember member)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("time", Math.Round(now.Seconds, 3));
            json.WriteStartArray("robots");
            Robot(json, member, now);
            json.WriteEndArray();
            json.WriteStartArray("tasks");
            foreach (var task in member.Node.OpenTasks) Task(json, task, [member], now);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Robot(Utf8JsonWriter json, FleetMember member, Stamp now)
    {
        var node = member.Node;
        json.WriteStartObject();
        json.WriteString("robot", node.Robot);
        json.WriteString("phase", JsonNamingPolicy.CamelCase.ConvertName(member.Worker.Phase.ToString()));
        json.WriteString("task", member.Worker.Task?.Id);
        json.WriteNumber("done", member.Worker.Done);
        json.WriteString("link", JsonNamingPolicy.CamelCase.ConvertName(member.Link.Status.State.ToString()));
        json.WriteNumber("alive", node.Members.Members.Count(m => m.State == MemberState.Alive));
        json.WriteString("coordinator", node.Coordinator);
        json.WriteBoolean("coordinates", node.IsCoordinating(now));
        json.WriteEndObject();
    }

    private static void Task(Utf8JsonWriter json, FleetTask task, IReadOnlyList<FleetMember> members, Stamp now)
    {
        json.WriteStartObject();
        json.WriteString("task", task.Id);
        json.WriteString("kind", task.Kind);
        json.WriteNumber("x", Math.Round(task.X, 3));
        json.WriteNumber("y", Math.Round(task.Y, 3));
        json.WriteString("class", JsonNamingPolicy.CamelCase.ConvertName(task.Class.ToString()));
        json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(task.State.ToString()));
        var owner = members.FirstOrDefault(m => m.Node.OwnerOf(task.Id) == m.Node.Robot);
        json.WriteString("robot", task.By ?? owner?.Node.Robot ?? members[0].Node.OwnerOf(task.Id));
        // Seconds that the lease still holds; null where there is none.
        if (owner is not null && owner.Node.LeaseDeadline(task.Id) is var deadline && deadline > now) json.WriteNumber("lease", Math.Round((deadline - now).Seconds, 1));
        else json.WriteNull("lease");
        json.WriteEndObject();
    }
}
