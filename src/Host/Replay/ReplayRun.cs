using System.Diagnostics;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Runs the loops of a recording again, from its beginning, from a time, or from every keyframe.</summary>
internal static class ReplayRun
{
    /// <summary>Replays.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="options">What the user wants.</param>
    /// <param name="progress">Told how many cycles were run again.</param>
    /// <param name="watch">Gets every record that is run again, as it was recorded, for a live view; null = nobody looks.</param>
    /// <param name="stop">Ends the replay early.</param>
    /// <exception cref="EdgeException">The recording cannot be replayed as asked; the message says why.</exception>
    public static ReplayResult Run(RecordingFile file, ReplayOptions options, ProgressLine progress, ReplayWatch? watch, CancellationToken stop)
    {
        Refuse(file, options);
        var configuration = Configure(file, options, out var changed);
        long start = Stopwatch.GetTimestamp();
        var starts = options.EveryKeyframe ? Starts(file) : [options.From > 0 ? Before(file, options.From) : default];
        long total = file.Loops.Sum(l => file.CycleCount(l.Name) ?? 0);
        var tally = new ReplayTally(file, options);
        foreach (var from in starts)
        {
            if (stop.IsCancellationRequested) break;
            var loops = file.Loops.ToDictionary(
                l => l.Name,
                l => new LoopReplay(l, configuration, file.Scenario is { } s ? ScenarioFile.Parse(System.Text.Encoding.UTF8.GetString(s), RunInfo.ScenarioName) : null, Changed(changed, l.Name), options.AllowGaps));
            Pass(file, from, options, loops, done => progress.Report(tally.Cycles + done, options.EveryKeyframe ? 0 : total), watch, stop);
            tally.Add(loops.Values);
            Refuse(file, options); // a chunk is checked when it is read
        }
        return tally.Result(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static void Refuse(RecordingFile file, ReplayOptions options)
    {
        if (file.IsDamaged && !options.AllowGaps)
            throw new EdgeException(ExitCode.Io, $"{file.Path} is damaged: {file.Notes[^1]} Use --allow-gaps to replay what is whole.");
    }

    private static void Pass(RecordingFile file, Stamp from, ReplayOptions options, Dictionary<string, LoopReplay> loops, Action<long> progress, ReplayWatch? watch, CancellationToken stop)
    {
        using var messages = file.Read(loops.Keys, from, world: watch is not null);
        var pace = options.Speed > 0 ? new ReplayPace(options.Speed) : null;
        long done = 0;
        while (!stop.IsCancellationRequested && messages.MoveNext())
        {
            var message = messages.Current;
            var kind = RecordingFile.Kind(message);
            var bytes = message.Data.Span;
            if (kind == RecordKind.Map)
            {
                watch?.Map(bytes);
                continue;
            }
            if (!message.Channel.Metadata.TryGetValue("edge.loop", out string? name) || !loops.TryGetValue(name, out var loop))
                throw new InvalidDataException($"channel '{message.Channel.Topic}' belongs to the loop '{name}', which has no cycles in it; the recording is damaged.");
            switch (kind)
            {
                case RecordKind.Keyframe: loop.OnKeyframe(Keyframe.Parse(bytes)); break;
                case RecordKind.Gap: loop.OnGap(RecordGap.Read(bytes)); break;
                // The cycle that a keyframe stands behind has its time, too.
                case RecordKind.Cycle when !loop.IsReady && from != default && (long)message.LogTimeNs <= from.Nanoseconds: break;
                case RecordKind.Cycle when options.Cycles == 0 || loop.Cycles < options.Cycles:
                    pace?.WaitFor(new Stamp((long)message.LogTimeNs), stop);
                    if (!loop.OnRecord(bytes)) break;
                    watch?.Cycle(loop.Recorded.Name, bytes);
                    if ((++done & 0x3FF) == 0) progress(done);
                    break;
            }
            if (options.Cycles > 0 && loops.Values.All(l => l.Cycles >= options.Cycles)) break;
        }
        progress(done);
    }

    private static EdgeOptions Configure(RecordingFile file, ReplayOptions options, out HashSet<(string Loop, string Section)> changed)
    {
        string stated = file.Info.GetValueOrDefault("configuration", ""), found = EffectiveConfiguration.Hash(file.Configuration);
        if (stated != found) throw new EdgeException(ExitCode.Io, $"{file.Path} was recorded with the configuration {stated}, the one in it is {found}; somebody changed it. Use --override to ask what another configuration would have done.");
        changed = [];
        byte[] json = options.Overrides.Count == 0 ? file.Configuration : ConfigurationOverride.Apply(file.Configuration, options.Overrides, changed);
        var result = ConfigurationFile.Parse(json, $"{file.Path}: {RunInfo.ConfigurationName}", ".", Stages.All, replay: true);
        if (!result.IsValid)
        {
            var error = result.Findings.First(f => f.Severity == Severity.Error);
            throw new EdgeException(ExitCode.Configuration, $"{file.Path}: its configuration does not fit this program: {error.Message} {error.Remedy}");
        }
        string? missing = file.Loops.Select(l => l.Name).FirstOrDefault(n => !result.Options.Loops.ContainsKey(n));
        return missing is null ? result.Options : throw new EdgeException(ExitCode.Io, $"{file.Path} holds cycles of loop '{missing}', which its configuration does not have; the recording is damaged.");
    }

    private static HashSet<string> Changed(HashSet<(string Loop, string Section)> changed, string loop) =>
        [.. changed.Where(c => c.Loop == loop).Select(c => c.Section)];

    // The keyframe of every loop must lie behind the start, or a loop would begin without one.
    private static Stamp Before(RecordingFile file, double seconds) => file.Loops
        .Select(l => file.Keyframes(l.Name).Where(k => k.Tag.Seconds <= seconds).Select(k => k.Tag).DefaultIfEmpty(default).Max())
        .Min();

    private static IReadOnlyList<Stamp> Starts(RecordingFile file) => [.. file.Loops.SelectMany(l => file.Keyframes(l.Name)).Select(k => k.Tag).Distinct().Order()];
}
