using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>A robot's word about a task. Topic <c>r/ROBOT/task/TASK</c>.</summary>
/// <param name="State">What.</param>
/// <param name="Token">The fencing token it worked under; 0 = none.</param>
/// <param name="Revision">The revision of the task.</param>
/// <param name="Percent">How far it is, 0 to 100.</param>
public readonly record struct TaskReport(ReportState State, ulong Token, uint Revision, int Percent)
{
    internal void Write(Utf8JsonWriter json, in FleetEnvelope envelope)
    {
        json.WriteStartObject();
        (envelope with { Epoch = Token }).Write(json);
        json.WriteString("state"u8, State switch
        {
            ReportState.Working => "working"u8,
            ReportState.Done => "done"u8,
            ReportState.Interrupted => "interrupted"u8,
            ReportState.NotDone => "notDone"u8,
            _ => "failed"u8,
        });
        json.WriteNumber("rev"u8, Revision);
        json.WriteNumber("percent"u8, Percent);
        json.WriteEndObject();
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, out FleetEnvelope envelope, out TaskReport report)
    {
        (envelope, report) = (default, default);
        try
        {
            var json = new FleetJson(payload);
            ReportState? state = null;
            uint revision = 0;
            int percent = 0;
            while (json.Next(out var field))
            {
                if (field == FleetField.State)
                {
                    state = json.Is("working"u8) ? ReportState.Working : json.Is("done"u8) ? ReportState.Done : json.Is("interrupted"u8) ? ReportState.Interrupted
                        : json.Is("notDone"u8) ? ReportState.NotDone : json.Is("failed"u8) ? ReportState.Failed : throw new JsonException();
                }
                else if (field == FleetField.Revision) revision = (uint)json.Whole(uint.MaxValue);
                else if (field == FleetField.Percent) percent = (int)json.Signed(0, 100);
            }
            envelope = json.Envelope;
            report = new TaskReport(state ?? throw new JsonException(), envelope.Epoch, revision, percent);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
