using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>Smooths the event-based sector estimates over a few tens of milliseconds and turns them into ranges.</summary>
/// <remarks>
/// What is averaged is the nearness 1/T (T = time to contact), because its errors are about symmetric and "nothing approaches" is a plain
/// zero. Estimates weigh in by their confidence and by the time they stand for, with the exact decay exp(−dt/τ), so any period gives the
/// same result. Range = T · (own speed towards the sector's bearing), which holds for standing things; for things that come closer by
/// themselves it is too short, the safe side. One thread; allocates nothing after construction.
/// </remarks>
internal sealed class SectorFilter(float minConfidence) : IPayload
{
    /// <summary>The most sectors followed; more are left out.</summary>
    public const int Capacity = 64;

    private const double TauSecond = 0.05;
    private const float MinClosing = 0.05f;

    private readonly float _minConfidence = minConfidence;
    private readonly float[] _weight = new float[Capacity];
    private readonly float[] _nearness = new float[Capacity];
    private readonly float[] _bearing = new float[Capacity];
    private readonly float[] _range = new float[Capacity];

    /// <summary>Gets how many sectors there are.</summary>
    public int Count { get; private set; }

    /// <summary>Returns the bearing of a sector in radians, robot's frame.</summary>
    public float Bearing(int sector) => _bearing[sector];

    /// <summary>Returns the smoothed confidence of a sector, in [0, 1].</summary>
    public float Confidence(int sector) => _weight[sector];

    /// <summary>Returns the smoothed time to contact in seconds; +∞ = nothing approaches, NaN = not known.</summary>
    public float TimeToContact(int sector) =>
        _weight[sector] < _minConfidence ? float.NaN : _nearness[sector] <= 0.02f * _weight[sector] ? float.PositiveInfinity : _weight[sector] / _nearness[sector];

    /// <summary>Returns the distance in metres a sector stands for; +∞ = nothing near, NaN = not known.</summary>
    public float Range(int sector) => _range[sector];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Count = 0;
        Array.Clear(_weight);
        Array.Clear(_nearness);
    }

    /// <summary>Takes new estimates in.</summary>
    /// <param name="sectors">The estimates.</param>
    /// <param name="velocity">The robot's own velocity.</param>
    /// <param name="dt">Seconds since the previous call.</param>
    public void Update(ReadOnlySpan<SectorEstimate> sectors, in Twist2 velocity, double dt)
    {
        float keep = (float)DeterministicMath.Exp(-dt / TauSecond), take = 1 - keep;
        Count = Math.Min(sectors.Length, Capacity);
        for (int i = 0; i < Count; i++)
        {
            ref readonly var s = ref sectors[i];
            _bearing[i] = float.IsFinite(s.Bearing) ? s.Bearing : 0;
            bool known = float.IsFinite(s.Bearing) && s.Confidence > 0 && s.TimeToContact >= 0;
            float confidence = known ? Math.Min(s.Confidence, 1) : 0;
            _weight[i] = keep * _weight[i] + take * confidence;
            _nearness[i] = keep * _nearness[i] + (known ? take * confidence / Math.Max(s.TimeToContact, 0.05f) : 0);
            float contact = TimeToContact(i), closing = velocity.Linear * (float)DeterministicMath.Cos(_bearing[i]);
            _range[i] = float.IsFinite(contact) ? closing > MinClosing ? contact * closing : float.NaN : contact;
        }
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Count);
        hasher.Add(_weight);
        hasher.Add(_nearness);
    }

    internal void Freeze(in StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(_weight);
        writer.Write(_nearness);
        writer.Write(_bearing);
        writer.Write(_range);
    }

    internal void Thaw(ref StateReader reader)
    {
        Count = Math.Clamp(reader.Read<int>(), 0, Capacity);
        reader.Read(_weight);
        reader.Read(_nearness);
        reader.Read(_bearing);
        reader.Read(_range);
    }
}
