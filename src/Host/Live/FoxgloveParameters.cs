using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The knobs and figures of the loops as Foxglove parameters.</summary>
/// <remarks>
/// Of a loop: <c>periodCapMs</c> may be set; <c>periodMs</c>, <c>periodReason</c>, <c>rung</c>, <c>rungReason</c> and <c>trust</c> are to look at. Of a recording:
/// <c>replay.paused</c>, <c>replay.speed</c> and <c>replay.seconds</c> may be set. Any thread, except <see cref="TakeChanged"/>.
/// </remarks>
internal sealed class FoxgloveParameters(ILiveFeed feed, LiveControl control, PlaybackControl? playback)
{
    private const string Cap = ".periodCapMs", Paused = "replay.paused", Speed = "replay.speed", Seconds = "replay.seconds";

    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>Returns parameters by name; all of them when no name is given.</summary>
    public IReadOnlyList<FoxgloveParameter> Get(IReadOnlyList<string> names)
    {
        var all = All();
        return names.Count == 0 ? all : all.FindAll(p => names.Contains(p.Name));
    }

    /// <summary>Sets a parameter.</summary>
    public ControlAnswer Set(FoxgloveParameter parameter, ClientRights rights)
    {
        bool isNumber = parameter.TryGetNumber(out double number);
        switch (parameter.Name)
        {
            case Paused when playback is not null:
                return parameter.Value is { ValueKind: System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False } paused
                    ? control.Steer(new(Play: !paused.GetBoolean()), rights) : new(false, "It must be true or false.");
            case Speed when playback is not null:
                return isNumber ? control.Steer(new(Speed: number), rights) : new(false, "It must be a number.");
            case Seconds when playback is not null:
                return isNumber ? control.Steer(new(Seek: Stamp.FromSeconds(number)), rights) : new(false, "It must be a number.");
        }
        if (playback is null && parameter.Name.EndsWith(Cap, StringComparison.Ordinal))
        {
            // No value means unset, and then there is no cap.
            if (parameter.Value is null) number = 0;
            else if (!isNumber) return new(false, "It must be a number of milliseconds; 0 = no cap.");
            return control.Run(LoopInputKind.PeriodCap, number, parameter.Name[..^Cap.Length], rights);
        }
        return new(false, Get([parameter.Name]).Count > 0 ? "It is only to look at." : "There is no such parameter.");
    }

    /// <summary>Returns what changed since the last call. One thread at a time.</summary>
    public IReadOnlyList<FoxgloveParameter> TakeChanged()
    {
        var changed = new List<FoxgloveParameter>();
        foreach (var parameter in All())
        {
            string value = parameter.Value?.GetRawText() ?? "";
            if (_told.TryGetValue(parameter.Name, out string? before) && before == value) continue;
            _told[parameter.Name] = value;
            changed.Add(parameter);
        }
        return changed;
    }

    private List<FoxgloveParameter> All()
    {
        var list = new List<FoxgloveParameter>();
        if (playback?.State is { } state)
        {
            list.Add(FoxgloveParameter.Of(Paused, state.Paused));
            list.Add(FoxgloveParameter.Of(Speed, state.Speed));
            list.Add(FoxgloveParameter.Of(Seconds, Round(state.Now.Seconds)));
        }
        foreach (var loop in feed.Latest?.Loops ?? [])
        {
            if (playback is null) list.Add(FoxgloveParameter.Of(loop.Loop + Cap, feed.PeriodCapMs(loop.Loop)));
            list.Add(FoxgloveParameter.Of(loop.Loop + ".periodMs", loop.Period.Milliseconds));
            list.Add(FoxgloveParameter.Of(loop.Loop + ".periodReason", loop.PeriodReason.ToString()));
            list.Add(FoxgloveParameter.Of(loop.Loop + ".rung", loop.Rung.ToString()));
            list.Add(FoxgloveParameter.Of(loop.Loop + ".rungReason", loop.RungReason.ToString()));
            list.Add(FoxgloveParameter.Of(loop.Loop + ".trust", Round(loop.Trust)));
        }
        return list;
    }

    // Two digits: a parameter that changed in the sixth is no news.
    private static double Round(double value) => Math.Round(value, 2);
}
