namespace EdgeAutonomy.Learning;

/// <summary>One draw of an <see cref="EventAugmentation"/>: an affine map and waves for all events of a sample, and what is drawn per event.</summary>
internal sealed class EventVariation
{
    private const double Centre = (NmnistData.Side - 1) / 2.0;
    private readonly CounterRandom _events;
    private readonly double _xx, _xy, _yx, _yy, _x0, _y0, _drop;
    private readonly int _timeShift, _jitter;
    private readonly double[] _bendX = new double[NmnistData.Side], _bendY = new double[NmnistData.Side];
    private ulong _next;

    public EventVariation(EventAugmentation a, CounterRandom random)
    {
        _events = random.For(1);
        double angle = random.Uniform(0, -a.RotationDegrees, a.RotationDegrees) * Math.PI / 180;
        double sx = 1 + random.Uniform(1, -a.ScaleShare, a.ScaleShare), sy = 1 + random.Uniform(2, -a.ScaleShare, a.ScaleShare), shear = random.Uniform(3, -a.Shear, a.Shear);
        var (sin, cos) = DeterministicMath.SinCos(angle);
        (_xx, _xy, _yx, _yy) = (cos * sx, cos * shear - sin * sy, sin * sx, sin * shear + cos * sy);
        _x0 = Centre + random.Uniform(4, -a.ShiftPixels, a.ShiftPixels);
        _y0 = Centre + random.Uniform(5, -a.ShiftPixels, a.ShiftPixels);
        _drop = random.Uniform(6, 0, a.DropShare);
        _timeShift = (int)(1000 * random.Uniform(7, -a.TimeShiftMs, a.TimeShiftMs));
        _jitter = (int)(1000 * a.JitterMs);
        NoiseEvents = (int)random.Uniform(8, 0, a.NoiseEvents + 1.0);
        Bend(random.For(2), a.BendPixels, _bendX);
        Bend(random.For(3), a.BendPixels, _bendY);
    }

    public int NoiseEvents { get; }

    /// <summary>Moves an event; false where it is dropped or leaves the map.</summary>
    public bool Apply(ref int x, ref int y, ref int time)
    {
        ulong bits = _events.Bits(_next++);
        if ((bits & 0xFFFF) < _drop * 65536) return false;
        double dx = x - Centre + _bendX[y], dy = y - Centre + _bendY[x];
        // Half a pixel of jitter before rounding: a map that shrinks or turns would otherwise leave a lattice of holes and doubles.
        double nx = _x0 + _xx * dx + _xy * dy + (bits >> 16 & 0xFFFF) / 65536.0, ny = _y0 + _yx * dx + _yy * dy + (bits >> 32 & 0xFFFF) / 65536.0;
        if (!(nx >= 0 && ny >= 0 && nx < NmnistData.Side && ny < NmnistData.Side)) return false;
        (x, y) = ((int)nx, (int)ny);
        time += _timeShift + (int)(((long)(bits >> 48) * 2 - 65535) * _jitter / 65536);
        return true;
    }

    public void Noise(int index, int lengthUs, out int x, out int y, out int polarity, out int time)
    {
        ulong bits = _events.For(9).Bits((ulong)index);
        x = (int)((bits & 0xFFFF) * NmnistData.Side >> 16);
        y = (int)((bits >> 16 & 0xFFFF) * NmnistData.Side >> 16);
        polarity = (int)(bits >> 32 & 1);
        time = (int)((bits >> 40) * (ulong)lengthUs >> 24);
    }

    private static void Bend(CounterRandom random, double amplitude, double[] table)
    {
        double a = random.Uniform(0, -amplitude, amplitude), waves = random.Uniform(1, 0.5, 1.5), phase = random.Uniform(2, 0, 2 * Math.PI);
        for (int i = 0; i < table.Length; i++) table[i] = a * DeterministicMath.Sin(2 * Math.PI * waves * i / table.Length + phase);
    }
}
