using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Replays a recording for people: as fast as it was, paused, faster, or from another place.</summary>
/// <remarks>The loops really run again, so what is shown with an override is what the changed loop does.</remarks>
internal sealed class ServedReplay : IPlayback, IDisposable
{
    private static readonly Duration LeadIn = Duration.FromSeconds(1); // rates are means over a second

    private readonly RecordingFile _file;
    private readonly ReplayRun _run;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _changed = new(false);
    private Stamp? _seek;
    private Stamp _now;
    private double _speed;
    private bool _paused;

    /// <summary>Prepares.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="run">Its replay.</param>
    /// <param name="from">Where to begin, in seconds.</param>
    /// <param name="speed">Recorded seconds per second; 0 = 1.</param>
    public ServedReplay(RecordingFile file, ReplayRun run, double from, double speed)
    {
        _file = file;
        _run = run;
        _speed = speed > 0 ? speed : 1;
        _now = Stamp.Max(file.Start, Stamp.FromSeconds(from));
        _seek = _now;
    }

    /// <inheritdoc/>
    public Stamp Start => _file.Start;

    /// <inheritdoc/>
    public Stamp End => _file.End;

    /// <inheritdoc/>
    public Stamp Now => Get(() => _now);

    /// <inheritdoc/>
    public bool Paused => Get(() => _paused);

    /// <inheritdoc/>
    public double Speed => Get(() => _speed);

    /// <inheritdoc/>
    public void Play() => Change(() =>
    {
        if (_now >= End) Go(Start);
        _paused = false;
    });

    /// <inheritdoc/>
    public void Pause() => Change(() => _paused = true);

    /// <inheritdoc/>
    public void Seek(Stamp place) => Change(() => Go(place));

    /// <inheritdoc/>
    public void SetSpeed(double speed) => Change(() => _speed = speed > 0 && double.IsFinite(speed) ? speed : _speed);

    /// <summary>Plays until it is told to stop; stands still at the end of the recording.</summary>
    /// <param name="consumer">Makes a consumer of the records, anew after every seek.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="InvalidDataException">The recording cannot be replayed.</exception>
    public void Run(Func<IReadOnlyList<RecordLane>, IRecordConsumer> consumer, CancellationToken stop)
    {
        ReplayPass? pass = null;
        ReplayPace? pace = null;
        double paceSpeed = 0;
        using var wake = stop.Register(() => _changed.Set());
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var (seek, paused, speed) = Get(() => (_seek, _paused, _speed));
                if (seek is { } place)
                {
                    pass?.Dispose();
                    pass = _run.Begin(place.Seconds, new ReplayWatch(_file, consumer));
                    pace = null;
                    FastForward(pass, place, stop);
                }
                if (paused || !pass!.MoveNext())
                {
                    if (!paused) Change(() => (_now, _paused) = (End, true));
                    _changed.WaitOne();
                    pace = null;
                    continue;
                }
                if (pace is null || paceSpeed != speed) (pace, paceSpeed) = (new ReplayPace(speed), speed);
                pace.WaitFor(pass.Tag, stop);
                pass.Run();
                lock (_gate)
                {
                    if (_seek is null) _now = pass.Tag;
                }
            }
        }
        finally
        {
            pass?.Dispose();
        }
    }

    /// <summary>Lets go of the wake-up; after <see cref="Run"/>.</summary>
    public void Dispose() => _changed.Dispose();

    private void FastForward(ReplayPass pass, Stamp place, CancellationToken stop)
    {
        lock (_gate)
        {
            // A newer wish stays; the loop above comes back here at once.
            if (_seek == place) _seek = null;
        }
        while (!stop.IsCancellationRequested && pass.Tag < place && pass.MoveNext()) pass.Run(show: pass.Tag >= place - LeadIn);
    }

    private void Go(Stamp place)
    {
        _seek = _now = place < Start ? Start : place > End ? End : place;
    }

    private void Change(Action change)
    {
        lock (_gate) change();
        _changed.Set();
    }

    private T Get<T>(Func<T> value)
    {
        lock (_gate) return value();
    }
}
