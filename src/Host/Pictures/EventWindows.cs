using System.Globalization;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Reads consecutive windows of an event recording.</summary>
/// <param name="FromUs">Start of the first one, since the first event of the recording, in microseconds.</param>
/// <param name="LengthUs">Length of each, in microseconds.</param>
/// <param name="Count">How many.</param>
/// <param name="WithBoxes">Whether perception looks on.</param>
internal sealed record EventWindows(long FromUs, long LengthUs, int Count, bool WithBoxes)
{
    /// <summary>Reads the recording from its start to the end of the last window. Events that come later than their window are left out.</summary>
    /// <param name="reader">The recording, at its start.</param>
    /// <param name="picture">Takes the events of one window after the other.</param>
    /// <param name="draw">Called at the end of each window, with its end on the recording's time line, in microseconds.</param>
    /// <exception cref="EdgeException">The recording ends before the first window.</exception>
    public void Read(EventFileReader reader, EventPicture picture, Action<EventWindow, long> draw)
    {
        var buffer = new Event[16 * 1024];
        var spotter = WithBoxes ? new BoxSpotter(reader.Info, LengthUs) : null;
        long origin = 0, start = 0, last = long.MinValue;
        int window = 0;
        bool any = false;
        for (int n; window < Count && (n = reader.Read(buffer)) > 0;)
        {
            if (!any)
            {
                (any, origin) = (true, buffer[0].TimeUs);
                start = origin + FromUs;
                spotter?.Begin(origin, start);
            }
            foreach (ref readonly var e in buffer.AsSpan(0, n))
            {
                last = Math.Max(last, e.TimeUs);
                while (window < Count && e.TimeUs >= start + LengthUs) Close();
                if (window == Count) break;
                if (e.TimeUs >= start) picture.Add(e);
                spotter?.Add(e);
            }
        }
        if (any && window == 0 && last < start)
        {
            throw new EdgeException(ExitCode.Usage, string.Create(
                CultureInfo.InvariantCulture, $"{reader.Info.Path}: --from is {FromUs * 1e-6:0.######} s, but the recording has only {(last - origin) * 1e-6:0.######} s."));
        }
        while (window < Count) Close();

        void Close()
        {
            var boxes = spotter?.Take(start + LengthUs) ?? [];
            draw(new EventWindow((FromUs + window * LengthUs) * 1e-6, LengthUs * 1e-6, picture.Events, picture.On, boxes), start + LengthUs);
            picture.Clear();
            start += LengthUs;
            window++;
        }
    }
}
