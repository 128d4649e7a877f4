using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>What the robot knows about its surroundings: fed by range scans and by event-based sector estimates.</summary>
/// <remarks>
/// A fresh scan is believed first. Sector estimates fill in where no beam was sensed lately, and carry alone where there is no scan. A beam
/// that was not sensed (NaN) changes nothing: what was remembered there stays until it is too old, and what was never seen stays unknown.
/// One thread; allocates nothing after construction.
/// </remarks>
internal sealed class Surroundings : IPayload
{
    /// <summary>The most beams taken from a scan; of a finer scan, the nearest of each group of beams is taken.</summary>
    public const int MaxBeams = 180;

    // The most image sectors watched for being unknown; those beyond are left out.
    private const int MaxSectors = 64;

    private const int FreshMs = 200, MovingLifeMs = 250;
    private const float SilentSightMetre = 1.2f, BlindSightMetre = 0.4f, MaxBearing = 7f; // a little more than a full turn; NaN and nonsense lie outside

    private readonly GoToGoalOptions _options;
    private readonly float[] _beamCos = new float[MaxBeams];
    private readonly float[] _beamSin = new float[MaxBeams];
    private readonly float[] _range = new float[MaxBeams];
    private readonly float[] _hitX = new float[MaxBeams];
    private readonly float[] _hitY = new float[MaxBeams];
    private readonly bool[] _moving = new bool[MaxBeams];
    private readonly float[] _clear = new float[ObstacleMap.Bins];
    private readonly float[] _against = new float[ObstacleMap.Bins];
    private readonly float[] _seen = new float[ObstacleMap.Bins];
    private readonly int[] _binMs = new int[ObstacleMap.Bins];
    private readonly float[] _unknownSecond = new float[MaxSectors];
    private readonly float[] _sectorBearing = new float[MaxSectors];
    private int _sectors;
    private int _beams, _group, _scanBeams, _hits, _scanMs = int.MinValue / 2;
    private float _firstBearing = float.NaN, _step;
    private long _scanTime = long.MinValue;

    /// <summary>Makes empty surroundings.</summary>
    public Surroundings(GoToGoalOptions options)
    {
        _options = options;
        Map = new ObstacleMap(options.GridCells, options.CellMetre);
        Array.Fill(_binMs, int.MinValue / 2);
        Array.Fill(_unknownSecond, 10f);
    }

    /// <summary>Gets the obstacle memory.</summary>
    public ObstacleMap Map { get; }

    /// <summary>Gets the moving objects.</summary>
    public ObjectTracker Tracker { get; } = new();

    /// <summary>Gets the beams' ends of the newest scan that hit something, odometry frame.</summary>
    public ReadOnlySpan<float> HitX => _hitX.AsSpan(0, _hits);

    /// <summary>Gets the beams' ends of the newest scan that hit something, odometry frame.</summary>
    public ReadOnlySpan<float> HitY => _hitY.AsSpan(0, _hits);

    /// <summary>Tells whether a range scan came in lately.</summary>
    public bool HasScan(int nowMs) => nowMs - _scanMs < FreshMs;

    /// <summary>Tells whether what lies within a fan is known from events: no more than two neighbouring image sectors of it have been
    /// unknown for long, and the camera sees all of it.</summary>
    /// <param name="bearing">Middle of the fan in radians, robot frame.</param>
    /// <param name="half">Half its width in radians.</param>
    /// <param name="seconds">For how long a sector may be unknown.</param>
    /// <remarks>One silent sector is often a plain stretch of wall far away. Three in a row that stay silent while the robot moves are as
    /// wide as somebody within a metre, who hides the texture behind and has little of his own.</remarks>
    public bool IsKnown(float bearing, float half, float seconds)
    {
        int run = 0, watched = 0;
        for (int s = 0; s < _sectors; s++)
        {
            if (Math.Abs(_sectorBearing[s] - bearing) > half) continue;
            watched++;
            run = _unknownSecond[s] > seconds ? run + 1 : 0;
            if (run >= 3) return false;
        }
        return watched >= 3;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Map.Clear();
        Tracker.Clear();
        (_hits, _scanMs, _scanTime) = (0, int.MinValue / 2, long.MinValue);
        Array.Fill(_binMs, int.MinValue / 2);
    }

    /// <summary>Takes in what was sensed.</summary>
    /// <param name="percept">The percept.</param>
    /// <param name="pose">The robot's pose in the odometry frame; finite.</param>
    /// <param name="velocity">The robot's velocity; finite.</param>
    /// <param name="sensing">Is told which bearings were ranged.</param>
    /// <param name="dt">Seconds since the previous call.</param>
    /// <param name="nowMs">The present.</param>
    public void Update(Percept percept, in Pose2 pose, in Twist2 velocity, SensingPlanner sensing, double dt, int nowMs)
    {
        Map.MarkOwnPlace(pose.X, pose.Y, _options.RobotRadiusMetre, nowMs);
        var scan = percept.Scan;
        bool isNew = scan is not null && scan.Ranges.Length > 0 && scan.Time.Nanoseconds > _scanTime
            && Math.Abs(scan.FirstBearing) < MaxBearing && scan.BearingStep is > 0 and < MaxBearing && scan.MaxRange is > 0 and < 1e4f;
        if (!HasScan(nowMs)) _hits = 0;
        Array.Clear(_clear);
        Array.Clear(_seen);
        Array.Fill(_against, float.PositiveInfinity);
        if (isNew) TakeScan(scan!, percept.Odometry, pose, velocity, sensing, nowMs);
        TakeSectors(percept, velocity, dt, nowMs);
        Map.Sweep(pose.X, pose.Y, pose.Heading, _clear, _against, _seen, nowMs);
        // Obstacles go in after the sweep, so that the newest sighting always wins.
        if (isNew) MarkHits(nowMs);
        MarkSectors(percept, pose, velocity, dt, nowMs);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        Map.AddTo(ref hasher);
        Tracker.AddTo(ref hasher);
        hasher.Add(_scanTime);
        hasher.Add(_scanMs);
        hasher.Add(HitX);
        hasher.Add(HitY);
        for (int i = 0; i < _binMs.Length; i++) hasher.Add(_binMs[i]);
        hasher.Add(_unknownSecond);
    }

    internal void Freeze(in StateWriter writer)
    {
        Map.Freeze(writer);
        Tracker.Freeze(writer);
        writer.Write(_scanTime);
        writer.Write(_scanMs);
        writer.Write(_hits);
        writer.WriteSpan(_hitX);
        writer.WriteSpan(_hitY);
        writer.WriteSpan(_binMs);
        writer.WriteSpan(_unknownSecond);
    }

    internal void Thaw(ref StateReader reader)
    {
        Map.Thaw(ref reader);
        Tracker.Thaw(ref reader);
        _scanTime = reader.Read<long>();
        _scanMs = reader.Read<int>();
        _hits = reader.ReadInt32(0, MaxBeams);
        reader.ReadFinite(_hitX, "scan ends");
        reader.ReadFinite(_hitY, "scan ends");
        reader.ReadSpan(_binMs);
        reader.ReadFinite(_unknownSecond, "ages of sectors");
    }

    private void LayOut(RangeScan scan)
    {
        if (scan.Ranges.Length == _scanBeams && scan.FirstBearing == _firstBearing && scan.BearingStep == _step) return;
        (_scanBeams, _firstBearing, _step) = (scan.Ranges.Length, scan.FirstBearing, scan.BearingStep);
        _group = (_scanBeams + MaxBeams - 1) / MaxBeams;
        _beams = _scanBeams / _group;
        for (int i = 0; i < _beams; i++)
        {
            double bearing = BeamBearing(i);
            _beamCos[i] = (float)DeterministicMath.Cos(bearing);
            _beamSin[i] = (float)DeterministicMath.Sin(bearing);
        }
    }

    private double BeamBearing(int beam) => _firstBearing + (beam * _group + (_group - 1) * 0.5) * _step;

    private void TakeScan(RangeScan scan, in Odometry odometry, in Pose2 pose, in Twist2 velocity, SensingPlanner sensing, int nowMs)
    {
        LayOut(scan);
        _scanTime = scan.Time.Nanoseconds;
        _scanMs = nowMs;
        // The scan may be older than the odometry: its place is found by driving back at the present velocity.
        double age = Math.Clamp((odometry.Time - scan.Time).Seconds, 0, 0.25), heading = pose.Heading - velocity.Angular * age;
        double cos = DeterministicMath.Cos(heading), sin = DeterministicMath.Sin(heading);
        double x = pose.X - velocity.Linear * cos * age, y = pose.Y - velocity.Linear * sin * age;
        _hits = 0;
        float step = _step * _group;
        bool wraps = Math.Abs(_beams * step - 2 * MathF.PI) < step / 2;
        for (int i = 0; i < _beams; i++)
        {
            float range = NearestOfGroup(scan, i);
            _range[i] = range;
            _hitX[i] = _hitY[i] = 0;
            if (!float.IsFinite(range)) continue;
            _hitX[i] = (float)(x + range * (cos * _beamCos[i] - sin * _beamSin[i]));
            _hitY[i] = (float)(y + range * (sin * _beamCos[i] + cos * _beamSin[i]));
        }
        for (int i = 0; i < _beams; i++)
        {
            if (float.IsNaN(_range[i])) continue;
            double bearing = BeamBearing(i);
            sensing.NoteSeen(bearing);
            int bin = BinAt(bearing);
            _binMs[bin] = nowMs;
            // A cell between two beams counts as looked through only if the neighbours reach as far, which keeps walls seen at a slant.
            float near = Math.Min(_range[i], scan.MaxRange);
            float side = Math.Min(Neighbour(i - 1, wraps), Neighbour(i + 1, wraps));
            float through = Math.Min(near, side) - 0.75f * _options.CellMetre;
            _clear[bin] = _clear[bin] > 0 ? Math.Min(_clear[bin], through) : through;
            _seen[bin] = Math.Max(_seen[bin], near + _options.CellMetre);
        }
        Tracker.Update(_hitX.AsSpan(0, _beams), _hitY.AsSpan(0, _beams), _range.AsSpan(0, _beams), _moving.AsSpan(0, _beams),
            (float)x, (float)y, step, wraps, nowMs);
    }

    private float Neighbour(int beam, bool wraps)
    {
        if ((uint)beam >= (uint)_beams)
        {
            if (!wraps) return float.PositiveInfinity;
            beam = (beam + _beams) % _beams;
        }
        return float.IsNaN(_range[beam]) ? float.PositiveInfinity : _range[beam];
    }

    private float NearestOfGroup(RangeScan scan, int beam)
    {
        float nearest = float.NaN;
        for (int k = 0; k < _group; k++)
        {
            float r = scan.Ranges[beam * _group + k];
            if (float.IsNaN(r) || r < 0) continue;
            if (r >= scan.MaxRange * 0.995f) r = float.PositiveInfinity;
            nearest = float.IsNaN(nearest) ? r : Math.Min(nearest, r);
        }
        return nearest;
    }

    private void MarkHits(int nowMs)
    {
        int life = (int)(_options.ScanMemorySecond * 1000);
        int kept = 0;
        for (int i = 0; i < _beams; i++)
        {
            if (!float.IsFinite(_range[i])) continue;
            Map.MarkObstacle(_hitX[i], _hitY[i], nowMs, _moving[i] ? MovingLifeMs : life);
            (_hitX[kept], _hitY[kept]) = (_hitX[i], _hitY[i]);
            kept++;
        }
        _hits = kept;
    }

    private static int BinAt(double bearing)
    {
        double turn = DeterministicMath.WrapAngle(bearing) * (ObstacleMap.Bins / (2 * Math.PI));
        int bin = (int)Math.Floor(turn + 0.5);
        return (bin + ObstacleMap.Bins) % ObstacleMap.Bins;
    }

    private void TakeSectors(Percept percept, in Twist2 velocity, double dt, int nowMs)
    {
        // A resting event camera sees nothing, so silence says something only while the robot moves.
        bool alive = percept.EventCount > 0 && (Math.Abs(velocity.Linear) > 0.1f || Math.Abs(velocity.Angular) > 0.3f);
        _sectors = Math.Min(percept.Sectors.Length, MaxSectors);
        for (int s = 0; s < _sectors; s++)
        {
            ref readonly var sector = ref percept.Sectors[s];
            _sectorBearing[s] = sector.Bearing;
            bool isKnown = sector.Confidence >= _options.MinConfidence;
            _unknownSecond[s] = isKnown ? 0 : Math.Min(_unknownSecond[s] + (float)dt, 10f);
        }
        foreach (ref readonly var sector in percept.Sectors.AsSpan())
        {
            if (!(Math.Abs(sector.Bearing) < MaxBearing)) continue;
            int bin = BinAt(sector.Bearing);
            if (nowMs - _binMs[bin] < FreshMs) continue;
            float range = RangeOf(sector, velocity.Linear);
            if (float.IsNaN(range))
            {
                if (alive) _seen[bin] = Math.Max(_seen[bin], sector.Range > 0 ? Math.Min(0.6f * sector.Range, SilentSightMetre) : BlindSightMetre);
                continue;
            }
            float sight = Math.Min(range, _options.EventSightMetre);
            _seen[bin] = Math.Max(_seen[bin], sight);
            // Event ranges are rough: they speak against memories only well before the estimated distance, and only bit by bit.
            _clear[bin] = Math.Max(_clear[bin], sight * 0.7f - _options.CellMetre);
            _against[bin] = sector.Confidence * (float)dt * ObstacleMap.RowSlices;
        }
    }

    private void MarkSectors(Percept percept, in Pose2 pose, in Twist2 velocity, double dt, int nowMs)
    {
        foreach (ref readonly var sector in percept.Sectors.AsSpan())
        {
            if (!(Math.Abs(sector.Bearing) < MaxBearing) || nowMs - _binMs[BinAt(sector.Bearing)] < FreshMs) continue;
            float range = RangeOf(sector, velocity.Linear);
            if (!(range < _options.EventSightMetre)) continue;
            double angle = pose.Heading + sector.Bearing;
            Map.AddEvidence(pose.X + range * DeterministicMath.Cos(angle), pose.Y + range * DeterministicMath.Sin(angle),
                sector.Confidence * (float)dt, nowMs, (int)(_options.EventMemorySecond * 1000));
        }
    }

    /// <summary>Returns the distance a sector's estimate stands for; +∞ = nothing near, NaN = not known.</summary>
    /// <remarks>Without a range, the time to contact T is taken as depth over own speed, so the distance is T · v / cos(bearing). For things
    /// that come closer by themselves this is too short, which is the safe side.</remarks>
    private float RangeOf(in SectorEstimate sector, float speed)
    {
        if (!(sector.Confidence >= _options.MinConfidence)) return float.NaN;
        if (sector.Range > 0) return sector.Range;
        if (float.IsPositiveInfinity(sector.TimeToContact)) return float.PositiveInfinity;
        float cos = (float)DeterministicMath.Cos(sector.Bearing);
        return sector.TimeToContact >= 0 && speed > 0.05f && cos > 0.1f ? sector.TimeToContact * speed / cos : float.NaN;
    }
}
