namespace EdgeAutonomy.Perception;

/// <summary>Finds the inverse range of what is seen in one direction, by the sharpest of a fixed ladder of hypotheses and a refinement about it.</summary>
/// <remarks>
/// A hypothesis is the relative change of range over the window's baseline, s = baseline / range: s is what the image can tell apart,
/// whatever the speed. Two negative values serve as controls: nothing in a static world looks like them. Not thread-safe; allocates only when made.
/// </remarks>
internal sealed class RangeSearch
{
    internal const int Coarse = 14;
    private const int Controls = 2, FirstApart = 5;
    private const float Advantage = 1.3f; // below it, sparse textures are taken for collision courses; above it, true ones are missed (measured in simulation)
    private readonly EgoTrack _track;
    private readonly DirectionMemory _memory;
    private readonly SpaceSweep _sweep;
    private readonly float[] _steps = new float[Coarse];
    private readonly int[] _scores = new int[Coarse], _other = new int[Coarse];
    private readonly float _axisStep, _gather, _cells, _centreX, _centreY;
    private readonly int _minimumEvents;

    internal RangeSearch(CameraGeometry camera, LoomingOptions options, EgoTrack track, DirectionMemory memory, float axisStep)
    {
        _track = track;
        _memory = memory;
        _axisStep = axisStep;
        _gather = 0.75f * axisStep;
        _minimumEvents = options.MinimumEvents;
        // One cell per pixel on small sensors, coarser ones on large sensors: that bounds the memory to the cache and pools more events.
        _cells = (float)Math.Min(camera.Focal, 96);
        int columns = (int)(2 * _gather * _cells) + 24, lowest = (int)(1.3 * _cells * Math.Max(options.LowestSlope, -0.5 * camera.Height / camera.Focal)) - 4;
        int rows = (int)(0.65 * camera.Height / camera.Focal * _cells) + 4 - lowest;
        _sweep = new SpaceSweep(2 * options.EventsPerEstimate, columns, rows);
        _centreX = 0.5f * columns;
        _centreY = -lowest;
        (_steps[0], _steps[1], _steps[2]) = (-0.1f, -0.05f, 0f);
        float s = 0.02f;
        for (int k = Controls + 1; k < Coarse; k++, s *= 1.41421356f) _steps[k] = s;
    }

    /// <summary>Measures one direction.</summary>
    /// <param name="direction">Which.</param>
    /// <param name="axisCos">Cosine of the direction's axis in the frame of the track.</param>
    /// <param name="axisSin">Its sine.</param>
    /// <param name="aside">Sine of the angle between the axis and the direction of travel.</param>
    /// <param name="fromSlot">Oldest slot of the window.</param>
    /// <param name="result">The measurement, when there is one.</param>
    internal bool Measure(int direction, double axisCos, double axisSin, double aside, long fromSlot, out RangeMeasurement result)
    {
        result = default;
        long oldest = Gather(direction, fromSlot, out double refX, out double refY);
        if (_sweep.Count < _minimumEvents) return false;
        float cells = Place(axisCos, axisSin, refX, refY);
        double dx = _track.X - _track.SlotX(oldest), dy = _track.Y - _track.SlotY(oldest);
        float baseline = (float)Math.Sqrt(dx * dx + dy * dy);
        if (baseline < 1e-4f) return false;

        int best = Climb(baseline, keepsBearing: false, 0, _scores), peak = _scores[best];
        bool keeps = false;
        if (Math.Abs(aside) > 0.1)
        {
            // For small changes of range both families place the events alike, so those scores are taken over.
            _scores.AsSpan(0, FirstApart).CopyTo(_other);
            int other = Climb(baseline, keepsBearing: true, FirstApart, _other);
            // Something that keeps its bearing while it grows is on collision course; it must explain the events clearly better than a static thing.
            if (_other[other] > Advantage * peak && other >= FirstApart)
            {
                (best, keeps) = (other, true);
                _other.CopyTo(_scores, 0);
            }
        }
        float step = best <= Controls || best == Coarse - 1 ? _steps[best] : Refine(best, baseline, keeps);
        result = new RangeMeasurement
        {
            InverseRange = step / baseline,
            Step = step,
            Peak = _scores[best],
            Rival = Rival(best),
            Shoulder = Shoulder(best),
            Events = _sweep.Count,
            Cells = cells,
            RefX = refX,
            RefY = refY,
            IsControl = best < Controls,
            IsLimit = best == Coarse - 1,
            KeepsBearing = keeps,
        };
        return true;
    }

    private int Climb(float baseline, bool keepsBearing, int first, int[] scores)
    {
        int best = first;
        for (int k = first; k < Coarse; k++)
        {
            scores[k] = _sweep.Score(_steps[k] / baseline, keepsBearing);
            if (scores[k] > scores[best]) best = k;
        }
        return best;
    }

    /// <summary>Loads the events of the direction and of the near halves of its neighbours; returns the oldest slot among them.</summary>
    private long Gather(int direction, long fromSlot, out double refX, out double refY)
    {
        int n = 0;
        long oldest = long.MaxValue;
        refX = refY = 0;
        for (int side = -1; side <= 1; side++)
        {
            int d = direction + side;
            d = d < 0 ? d + _memory.Directions : d >= _memory.Directions ? d - _memory.Directions : d;
            int size = _memory.Size(d);
            for (int k = 0; k < size && n < _sweep.Sign.Length; k++)
            {
                _memory.Read(d, k, out float bearing, out float slope, out long slot, out sbyte sign);
                if (slot < fromSlot || !_track.IsKnown(slot)) break;
                bearing += side * _axisStep;
                if (Math.Abs(bearing) > _gather) continue;
                _sweep.X0[n] = bearing;
                _sweep.Y0[n] = slope;
                _sweep.Slot[n] = slot;
                _sweep.Sign[n++] = sign;
                refX += _track.SlotX(slot);
                refY += _track.SlotY(slot);
                oldest = Math.Min(oldest, slot);
            }
        }
        _sweep.Count = n;
        if (n == 0) return oldest;
        refX /= n;
        refY /= n;
        return oldest;
    }

    /// <summary>Turns bearings and slopes into places that are linear in the inverse range, seen from the mean place of the camera.</summary>
    /// <returns>The number of cells over which the events spread.</returns>
    /// <remarks>
    /// With the camera at (cx, cy) from the reference, cx along the axis, a point at range R seen at tangent l and slope q lies at
    /// l + (cy − l·cx)/R and q − q·cx/R as seen from the reference. Bearings from the axis are below 0.2 rad, where tangent and angle agree to
    /// a fraction of a cell.
    /// </remarks>
    private float Place(double axisCos, double axisSin, double refX, double refY)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < _sweep.Count; i++)
        {
            long slot = _sweep.Slot[i];
            double dx = _track.SlotX(slot) - refX, dy = _track.SlotY(slot) - refY;
            float along = (float)(axisCos * dx + axisSin * dy), across = (float)(axisCos * dy - axisSin * dx);
            float l = _sweep.X0[i], q = _sweep.Y0[i];
            _sweep.X0[i] = _cells * l + _centreX;
            _sweep.X1[i] = _cells * (across - l * along);
            _sweep.XFixed[i] = -_cells * l * along;
            _sweep.Y0[i] = _cells * q + _centreY;
            _sweep.Y1[i] = -_cells * q * along;
            sum += q;
            squares += (double)q * q;
        }
        // A flat distribution of deviation σ is √12·σ high. Over this many cells chance would spread the events.
        double mean = sum / _sweep.Count, height = _cells * 3.464 * Math.Sqrt(Math.Max(0, squares / _sweep.Count - mean * mean));
        return (float)(2 * _gather * _cells * (height + 1));
    }

    /// <summary>Returns the best score outside the hill of the best hypothesis: what a periodic texture or chance offers as another answer.</summary>
    private int Rival(int best)
    {
        int low = best, high = best;
        while (low > 0 && _scores[low - 1] <= _scores[low]) low--;
        while (high < Coarse - 1 && _scores[high + 1] <= _scores[high]) high++;
        int rival = 0;
        for (int k = 0; k < Coarse; k++)
        {
            if (k < low || k > high) rival = Math.Max(rival, _scores[k]);
        }
        return rival;
    }

    /// <summary>Returns the score at twice or half the best hypothesis, whichever is higher: a flat hill says little. Below what a window can resolve
    /// the lower side is flat by nature and does not count.</summary>
    private int Shoulder(int best)
    {
        int above = best + 2 < Coarse ? _scores[best + 2] : _scores[Coarse - 1];
        return _steps[best] > 0.07f ? Math.Max(above, _scores[best - 2]) : above;
    }

    /// <summary>Goes half a step of the ladder to both sides of the best hypothesis and takes the vertex of the parabola in the logarithm of s.</summary>
    private float Refine(int best, float baseline, bool keeps)
    {
        const float quarter = 1.18920712f; // fourth root of 2
        float s = _steps[best], low = s / quarter, high = s * quarter;
        int below = _sweep.Score(low / baseline, keeps), above = _sweep.Score(high / baseline, keeps), here = _scores[best];
        if (below > here && below >= above) (s, here, above, below) = (low, below, here, _scores[best - 1]);
        else if (above > here) (s, here, below, above) = (high, above, here, _scores[best + 1]);
        float curvature = below - 2f * here + above;
        float shift = curvature < 0 ? Math.Clamp(0.5f * (below - above) / curvature, -0.5f, 0.5f) : 0f;
        // One unit of the parabola is a factor of 2^(1/4); for |shift| ≤ 1/2 the chord 1 + shift·ln(2)/4 is within 0.4 % of the power.
        return s * (1f + shift * 0.17328680f);
    }
}
