using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Mean and variance of each number of a vector over all that was seen, and the vector scaled by them.</summary>
/// <remarks>Welford's sums in float64 (Welford 1962). A number that never varied is only centred. Belongs to the actor: what ships scales as it was trained. Not thread-safe; allocation-free.</remarks>
/// <param name="width">Numbers per vector, at least 1.</param>
public sealed class RunningMoments(int width) : IFreezable
{
    /// <summary>The bound of scaled numbers, as VecNormalize of Stable-Baselines3.</summary>
    internal const double Bound = 10;

    private const double Floor = 1e-8;
    private readonly double[] _mean = new double[width], _squares = new double[width];

    /// <summary>Gets how many vectors were seen.</summary>
    public long Count { get; private set; }

    /// <summary>Gets the means.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Returns the variance of a number, divided by n; 1 before the second vector.</summary>
    /// <param name="index">Which number.</param>
    public double Variance(int index) => Count < 2 ? 1 : _squares[index] / Count;

    /// <summary>Takes vectors in order.</summary>
    /// <param name="rows">[vector, number].</param>
    public void Add(ReadOnlySpan<float> rows)
    {
        for (int at = 0; at < rows.Length; at += width)
        {
            Count++;
            for (int i = 0; i < width; i++)
            {
                double x = rows[at + i], delta = x - _mean[i];
                _mean[i] += delta / Count;
                _squares[i] += delta * (x - _mean[i]);
            }
        }
    }

    /// <summary>Writes (x − mean)/σ, cut to ± 10.</summary>
    /// <param name="rows">[vector, number].</param>
    /// <param name="scaled">Takes as many; may be the same span.</param>
    public void Scale(ReadOnlySpan<float> rows, Span<float> scaled)
    {
        for (int i = 0; i < width; i++)
        {
            double factor = Factor(i), mean = _mean[i];
            for (int at = i; at < rows.Length; at += width) scaled[at] = (float)Math.Clamp((rows[at] - mean) * factor, -Bound, Bound);
        }
    }

    /// <summary>Writes the scaling as (x + shift) · factor.</summary>
    internal void Linear(Span<float> shift, Span<float> factor)
    {
        for (int i = 0; i < width; i++) (shift[i], factor[i]) = ((float)-_mean[i], (float)Factor(i));
    }

    private double Factor(int index) => Variance(index) == 0 ? 1 : 1 / Math.Sqrt(Variance(index) + Floor);

    /// <summary>Copies the sums of another.</summary>
    /// <param name="other">One of the same width.</param>
    public void CopyFrom(RunningMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other._mean.CopyTo(_mean, 0);
        other._squares.CopyTo(_squares, 0);
        Count = other.Count;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Count);
        w.WriteSpan<double>(_mean);
        w.WriteSpan<double>(_squares);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "running moments");
        Count = r.Read<long>();
        r.ReadSpan<double>(_mean);
        r.ReadSpan<double>(_squares);
        r.End();
        r.Require(Count >= 0, "a count");
        for (int i = 0; i < width; i++) r.Require(double.IsFinite(_mean[i]) && _squares[i] >= 0 && double.IsFinite(_squares[i]), "a moment");
    }
}
