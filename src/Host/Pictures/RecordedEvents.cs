using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Draws the events that a recorded loop sensed around a time, with the boxes it perceived.</summary>
internal static class RecordedEvents
{
    private const int MostSide = 8192; // as loops' views have it: no camera is larger

    /// <summary>Returns the picture as PNG; null when the loop sensed no events then.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="at">Middle of the window, logical time.</param>
    /// <param name="window">Its length; a cycle with a longer one is shown whole.</param>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    public static ReadOnlyMemory<byte>? Draw(RecordingFile file, LoopDescription loop, Stamp at, Duration window)
    {
        object? sample = PayloadShape.Create(loop.Sample);
        if ((sample as EventPacket ?? (sample as RoverSample)?.Events) is not { } packet) return null;
        var percept = PayloadShape.Create(loop.Percept) as Percept;
        var half = new Duration(window.Nanoseconds / 2);
        var from = new Stamp(Math.Max(0, (at - half).Nanoseconds));
        EventSheet? sheet = null;
        long end = 0;
        PixelBox[] boxes = [];
        using var messages = file.Read([loop.Name], from);
        while (messages.MoveNext())
        {
            var message = messages.Current;
            if (RecordingFile.Kind(message) != RecordKind.Cycle) continue;
            // The first cycle counts whenever it came: where periods are long, the window may fall between two.
            if (sheet is not null && (long)message.LogTimeNs > (at + half).Nanoseconds) break;
            var record = CycleRecord.Parse(message.Data.Span);
            if (!record.TrySection(SectionKind.Sample, out var data)) continue;
            ((IFreezable)sample!).Thaw(data);
            if (packet is not { Width: > 0 and <= MostSide, Height: > 0 and <= MostSide }) continue;
            sheet ??= new EventSheet(packet.Width, packet.Height, 1, 0, EventColors.Dark);
            if (sheet.Picture.SensorWidth != packet.Width || sheet.Picture.SensorHeight != packet.Height) continue;
            foreach (ref readonly var e in packet.Events) sheet.Picture.Add(e);
            end = Math.Max(end, packet.EndUs);
            if (percept is null || !record.TrySection(SectionKind.Percept, out var seen)) continue;
            percept.Thaw(seen);
            if (percept.BoxCount > 0) boxes = [.. percept.Boxes];
        }
        if (sheet is null) return null;
        sheet.Add(new EventWindow(from.Seconds, window.Seconds, sheet.Picture.Events, sheet.Picture.On, boxes), end, EventPictureStyle.Polarity);
        return sheet.ToPng();
    }
}
