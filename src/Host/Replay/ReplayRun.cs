using System.Diagnostics;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Runs the loops of a recording again, from its beginning, from a time, or from every keyframe.</summary>
internal sealed class ReplayRun
{
    private readonly RecordingFile _file;
    private readonly ReplayOptions _options;
    private readonly EdgeOptions _configuration;
    private readonly HashSet<(string Loop, string Section)> _changed;
    private readonly Scenario? _scenario;

    /// <summary>Prepares a replay.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="options">What the user wants.</param>
    /// <exception cref="EdgeException">The recording cannot be replayed as asked; the message says why.</exception>
    public ReplayRun(RecordingFile file, ReplayOptions options)
    {
        _file = file;
        _options = options;
        RefuseDamage();
        _configuration = Configure(file, options, out _changed);
        _scenario = file.Scenario is { } s ? ScenarioFile.Parse(System.Text.Encoding.UTF8.GetString(s), RunInfo.ScenarioName) : null;
    }

    /// <summary>Replays.</summary>
    /// <param name="record">Where the replay is recorded; null = nowhere.</param>
    /// <param name="progress">Told how many cycles were run again.</param>
    /// <param name="stop">Ends the replay early.</param>
    /// <exception cref="EdgeException">The recording cannot be replayed as asked; the message says why.</exception>
    public ReplayResult Run(string? record, ProgressLine progress, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        var starts = _options.EveryKeyframe ? Starts(_file) : [Before(_options.From)];
        long total = _options.EveryKeyframe ? 0 : _file.Loops.Sum(l => _file.CycleCount(l.Name) ?? 0);
        var tally = new ReplayTally(_file, _options);
        foreach (var from in starts)
        {
            if (stop.IsCancellationRequested) break;
            var loops = Loops();
            using var log = record is null ? null : new ReplayLog(record, _file, _configuration, _options.Overrides, loops);
            using var pass = new ReplayPass(_file, loops, from, _options, watch: null, log);
            var pace = _options.Speed > 0 ? new ReplayPace(_options.Speed) : null;
            while (!stop.IsCancellationRequested && pass.MoveNext())
            {
                pace?.WaitFor(pass.Tag, stop);
                pass.Run();
                if ((pass.Cycles & 0xFF) == 0) progress.Report(tally.Cycles + pass.Cycles, total);
            }
            RefuseDamage(); // chunks are checked when they are read
            tally.Add(loops);
        }
        return tally.Result(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Begins a pass that is shown.</summary>
    /// <param name="seconds">Where to begin.</param>
    /// <param name="watch">Shows it.</param>
    public ReplayPass Begin(double seconds, ReplayWatch watch) => new(_file, Loops(), Before(seconds), _options, watch, log: null);

    private void RefuseDamage()
    {
        if (_file.IsDamaged && !_options.AllowGaps) throw new EdgeException(ExitCode.Io, $"{_file.Notes[^1]} Use --allow-gaps to replay what is whole.");
    }

    // The keyframe of every loop must lie behind the start, or a loop would begin without one.
    private Stamp Before(double seconds) => seconds <= 0 ? default : _file.Loops
        .Select(l => _file.Keyframes(l.Name).Where(k => k.Tag.Seconds <= seconds).Select(k => k.Tag).DefaultIfEmpty(default).Max())
        .Min();

    private LoopReplay[] Loops() => [.. _file.Loops.Select(l => new LoopReplay(l, _configuration, _scenario, Changed(_changed, l.Name), _options.AllowGaps))];

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
        CheckModels(file, result.Options, changed);
        string? missing = file.Loops.Select(l => l.Name).FirstOrDefault(n => !result.Options.Loops.ContainsKey(n));
        return missing is null ? result.Options : throw new EdgeException(ExitCode.Io, $"{file.Path} holds cycles of loop '{missing}', which its configuration does not have; the recording is damaged.");
    }

    // A network with other weights is another program: without this check the replay would only say that everything differs.
    private static void CheckModels(RecordingFile file, EdgeOptions options, HashSet<(string Loop, string Section)> changed)
    {
        foreach (var m in ModelFiles.Of(options))
        {
            if (!m.IsReplayed || changed.Contains((m.Loop, m.Section)) || !file.Info.TryGetValue(m.Key, out string? recorded) || ModelFiles.Hash(m.Model) is var found && found == recorded) continue;
            throw new EdgeException(ExitCode.Io, $"{file.Path}: loop '{m.Loop}' was recorded with the {m.Kind} '{m.Model}' of hash {recorded}, the one here has {found} ({ModelFiles.Find(m.Model)}); put the recorded {m.Kind} there, or use --override Loops:{m.Loop}:{m.Section}:{m.Option}={m.Model} to ask what this one would have done.");
        }
    }

    private static HashSet<string> Changed(HashSet<(string Loop, string Section)> changed, string loop) =>
        [.. changed.Where(c => c.Loop == loop).Select(c => c.Section)];

    private static IReadOnlyList<Stamp> Starts(RecordingFile file) => [.. file.Loops.SelectMany(l => file.Keyframes(l.Name)).Select(k => k.Tag).Distinct().Order()];
}
