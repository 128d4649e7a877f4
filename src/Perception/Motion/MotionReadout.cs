using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Turns the pooled scores of a tile into a direction, a speed and a confidence.</summary>
/// <remarks>Scores become class probabilities; direction is that of their mean unit vector, speed their geometric mean. Not thread-safe; allocates only when made.</remarks>
internal sealed class MotionReadout
{
    private readonly float[] _bias, _cos, _sin, _logSpeed, _logits, _probabilities;
    private readonly float _gain, _perSecond;

    internal MotionReadout(MotionKernel kernel, int stepUs)
    {
        var shape = kernel.Shape;
        _bias = kernel.Bias.ToArray();
        _gain = kernel.Gain;
        _perSecond = 1e6f / stepUs;
        int n = shape.Classes;
        (_cos, _sin, _logSpeed, _logits, _probabilities) = (new float[n], new float[n], new float[n], new float[n], new float[n]);
        for (int c = 0; c < n; c++)
        {
            var (sin, cos) = DeterministicMath.SinCos(shape.Direction(c));
            (_cos[c], _sin[c], _logSpeed[c]) = ((float)cos, (float)sin, (float)DeterministicMath.Log(shape.Speed(c)));
        }
    }

    /// <summary>Gets the probabilities of the last call, [class].</summary>
    internal ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>Reads a tile.</summary>
    /// <param name="scores">Sums of the events' scores without bias, [class].</param>
    /// <param name="events">How many events they are of; positive.</param>
    [SkipLocalsInit]
    internal MotionTile Read(ReadOnlySpan<float> scores, float events)
    {
        float scale = 1 / events, top = float.NegativeInfinity;
        for (int c = 0; c < _logits.Length; c++)
        {
            float logit = _gain * (scores[c] * scale + _bias[c]);
            _logits[c] = logit;
            if (logit > top) top = logit;
        }
        for (int c = 0; c < _logits.Length; c++) _logits[c] -= top;
        DeterministicMathF.Exp(_logits, _probabilities);
        float sum = 0, x = 0, y = 0, speed = 0;
        for (int c = 0; c < _probabilities.Length; c++)
        {
            float p = _probabilities[c];
            sum += p;
            x += p * _cos[c];
            y += p * _sin[c];
            speed += p * _logSpeed[c];
        }
        float length = MathF.Sqrt(x * x + y * y);
        return new MotionTile
        {
            Direction = (float)DeterministicMath.Atan2(y, x),
            Speed = DeterministicMathF.Exp(speed / sum) * _perSecond,
            Confidence = Math.Min(length / sum, 1f),
            Events = events,
        };
    }
}
