using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>For every direction in the world, how likely each range is: a ladder of inverse ranges with log probabilities.</summary>
/// <remarks>
/// Directions are fixed in the world, so a turn moves the view over them and leaves the belief in place. Driving on moves belief along the ladder; evidence adds
/// and fades. Not thread-safe; allocates only when made.
/// </remarks>
internal sealed class RangeBelief
{
    internal const int Rungs = 24;
    private const float Farthest = 8f, Nearest = 0.15f; // metres
    private readonly float[] _log;
    private readonly float[] _axisCos, _axisSin;
    private readonly float[] _shifted = new float[Rungs], _probability = new float[Rungs];

    internal RangeBelief(int directions)
    {
        Directions = directions;
        Step = 2 * Math.PI / directions;
        _log = new float[directions * Rungs];
        (_axisCos, _axisSin) = (new float[directions], new float[directions]);
        for (int d = 0; d < directions; d++)
        {
            var (sin, cos) = DeterministicMath.SinCos(d * Step);
            (_axisCos[d], _axisSin[d]) = ((float)cos, (float)sin);
        }
        LogStep = (float)(DeterministicMath.Log(Farthest / Nearest) / (Rungs - 1));
        for (int k = 0; k < Rungs; k++) Inverse[k] = (float)(DeterministicMath.Exp(k * LogStep) / Farthest);
    }

    internal int Directions { get; }

    /// <summary>Gets the angle between directions in radians.</summary>
    internal double Step { get; }

    /// <summary>Gets the distance of the rungs in the logarithm of the range.</summary>
    internal float LogStep { get; }

    /// <summary>Gets the inverse ranges, ascending, one over metres.</summary>
    internal float[] Inverse { get; } = new float[Rungs];

    internal Span<float> Of(int direction) => _log.AsSpan(direction * Rungs, Rungs);

    /// <summary>Returns the direction nearest to an angle in the world.</summary>
    internal int At(double angle)
    {
        double turn = angle / Step + 0.5, whole = Math.Floor(turn);
        return (int)(whole - Directions * Math.Floor(whole / Directions));
    }

    /// <summary>Goes on: evidence fades, and everything comes nearer by what was driven towards it.</summary>
    /// <param name="keep">What is left of evidence.</param>
    /// <param name="dx">Metres driven along x of the world.</param>
    /// <param name="dy">Metres driven along y.</param>
    internal void Advance(float keep, float dx, float dy)
    {
        for (int d = 0; d < Directions; d++)
        {
            var log = Of(d);
            float nearer = dx * _axisCos[d] + dy * _axisSin[d];
            log.CopyTo(_shifted);
            for (int k = 0; k < Rungs; k++)
            {
                // A range r becomes r − nearer: up the ladder by ln(r / (r − nearer)) / step, to first order.
                float climb = Math.Clamp(nearer * Inverse[k] / LogStep, -1f, 1f);
                float from = climb >= 0 ? _shifted[Math.Max(k - 1, 0)] : _shifted[Math.Min(k + 1, Rungs - 1)];
                log[k] = keep * (_shifted[k] + Math.Abs(climb) * (from - _shifted[k]));
            }
        }
    }

    /// <summary>Reads a direction.</summary>
    /// <param name="direction">Which.</param>
    /// <param name="inverse">The mean inverse range (geometric), one over metres.</param>
    /// <returns>The probability within about a quarter of it to either side, less what ignorance gives; 0 = nothing is known.</returns>
    internal float Read(int direction, out float inverse)
    {
        var log = Of(direction);
        float top = float.NegativeInfinity, sum = 0, mean = 0, near = 0;
        foreach (float l in log) top = Math.Max(top, l);
        for (int k = 0; k < Rungs; k++) _shifted[k] = log[k] - top;
        DeterministicMathF.Exp(_shifted, _probability);
        for (int k = 0; k < Rungs; k++)
        {
            sum += _probability[k];
            mean += _probability[k] * k;
        }
        mean /= sum;
        for (int k = 0; k < Rungs; k++)
        {
            // Full weight within one rung, falling to none at two: the weights sum to three wherever the mean lies between rungs.
            near += Math.Clamp(2f - Math.Abs(k - mean), 0f, 1f) * _probability[k];
        }
        inverse = DeterministicMathF.Exp(mean * LogStep) / Farthest;
        const float Ignorance = 3f / Rungs;
        return Math.Max(0, (near / sum - Ignorance) / (1 - Ignorance));
    }

    internal void Clear() => Array.Clear(_log);

    internal void AddTo(ref StateHasher hasher) => hasher.Add((ReadOnlySpan<float>)_log);

    internal void Freeze(IBufferWriter<byte> writer) => new StateWriter(writer).WriteSpan<float>(_log);

    internal void Thaw(ref StateReader reader) => reader.ReadFinite(_log, "belief about ranges");
}
