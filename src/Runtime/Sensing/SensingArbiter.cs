using System.Buffers;
using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Merges the sensing requests of all origins, lets them expire, and never lets the robot go blind in a direction.</summary>
/// <remarks>
/// A request made in cycle n is in force from n+1 on: an explicit unit delay, so there is no algebraic loop between acting and sensing.
/// The strongest origin decides; of equal origins sectors are joined, rates take the maximum, thresholds the minimum. Every sector is sensed at least once
/// per <c>maxUnseen</c>, and at once everywhere after <see cref="ForceFull"/>: a policy that only looks where it acted would lock its attention.
/// Loop thread only; allocation-free.
/// </remarks>
public sealed class SensingArbiter : IFreezable, IPayload
{
    private readonly Duration _maxUnseen;
    private readonly long[] _lastSeen = new long[SectorMask.Count];
    private readonly SensingRequest[] _pending = new SensingRequest[(int)RequestOrigin.Monitor + 1];
    private readonly ulong[] _issued = new ulong[(int)RequestOrigin.Monitor + 1];
    private long _regionFull;
    private bool _forceFull = true;

    /// <summary>Makes an arbiter that begins with a full sweep.</summary>
    /// <param name="maxUnseen">Longest time any sector, or the image outside a region, may stay unsensed.</param>
    public SensingArbiter(Duration maxUnseen)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxUnseen.Nanoseconds, nameof(maxUnseen));
        _maxUnseen = maxUnseen;
        Array.Fill(_lastSeen, Stamp.Never.Nanoseconds);
        _regionFull = Stamp.Never.Nanoseconds;
    }

    /// <summary>Asks for full sensing in the next cycle: at start, when the rung falls, when a stream loses trust.</summary>
    public void ForceFull() => _forceFull = true;

    /// <summary>Takes a request made in cycle <paramref name="cycleId"/>; it holds from the next cycle on. Inactive requests are ignored.</summary>
    public void Submit(in SensingRequest request, ulong cycleId)
    {
        if (!request.IsActive || request.Origin == RequestOrigin.None || request.Origin > RequestOrigin.Monitor) return;
        int slot = (int)request.Origin;
        ref var old = ref _pending[slot];
        if (old.IsActive && _issued[slot] == cycleId) old = Join(old, request);
        else old = request;
        _issued[slot] = cycleId;
    }

    /// <summary>Returns the request in force in a cycle.</summary>
    /// <param name="cycleId">The cycle; only requests issued before it count.</param>
    /// <param name="now">The cycle's logical time.</param>
    /// <param name="period">The longest time until the next chance to sense; sectors that would exceed the limit by then are sensed now.</param>
    public SensingRequest Current(ulong cycleId, Stamp now, Duration period)
    {
        var merged = SensingRequest.None;
        for (int origin = (int)RequestOrigin.Monitor; origin > 0; origin--)
        {
            ref var request = ref _pending[origin];
            if (!request.IsActive || _issued[origin] >= cycleId) continue;
            if (request.ExpiresCycle < cycleId)
            {
                request = default;
                continue;
            }
            merged = request;
            break;
        }
        if (_forceFull)
        {
            merged.Region = default;
            merged.Sectors = SectorMask.All;
            merged.Reason = RequestReason.Recover;
            _forceFull = false;
            return merged;
        }
        long latest = (now + period - _maxUnseen).Nanoseconds;
        if (merged.Sectors != SectorMask.All) AddUnseen(ref merged, latest);
        if (!merged.Region.IsAll && _regionFull <= latest)
        {
            merged.Region = default;
            merged.Reason = RequestReason.Unseen;
        }
        return merged;
    }

    /// <summary>Takes note of what a sensor really sensed.</summary>
    public void Applied(in SensorApplied applied, Stamp now)
    {
        if (applied.Region.IsAll) _regionFull = now.Nanoseconds;
        if (applied.Sectors == SectorMask.All)
        {
            Array.Fill(_lastSeen, now.Nanoseconds);
            return;
        }
        for (int k = 0; k < SectorMask.Count; k++)
        {
            if (applied.Sectors.Contains(k)) _lastSeen[k] = now.Nanoseconds;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddUnseen(ref SensingRequest merged, long latest)
    {
        for (int k = 0; k < SectorMask.Count; k++)
        {
            if (_lastSeen[k] <= latest && !merged.Sectors.Contains(k))
            {
                merged.Sectors.Add(k);
                merged.Reason = RequestReason.Unseen;
            }
        }
    }

    private static SensingRequest Join(in SensingRequest a, in SensingRequest b)
    {
        var joined = b;
        joined.Sectors = a.Sectors | b.Sectors;
        joined.RateHz = Math.Max(a.RateHz, b.RateHz);
        joined.EventThreshold = a.EventThreshold == 0 ? b.EventThreshold : b.EventThreshold == 0 ? a.EventThreshold : Math.Min(a.EventThreshold, b.EventThreshold);
        joined.PowerCapMilliwatt = a.PowerCapMilliwatt == 0 || b.PowerCapMilliwatt == 0 ? 0 : Math.Max(a.PowerCapMilliwatt, b.PowerCapMilliwatt);
        joined.Region = a.Region == b.Region ? a.Region : default;
        joined.ExpiresCycle = Math.Max(a.ExpiresCycle, b.ExpiresCycle);
        return joined;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.WriteSpan<long>(_lastSeen);
        w.WriteSpan<SensingRequest>(_pending);
        w.WriteSpan<ulong>(_issued);
        w.Write(_regionFull);
        w.Write((byte)(_forceFull ? 1 : 0));
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Sensing arbiter");
        r.ReadSpan<long>(_lastSeen);
        r.ReadSpan<SensingRequest>(_pending);
        r.ReadSpan<ulong>(_issued);
        _regionFull = r.Read<long>();
        _forceFull = r.Read<byte>() != 0;
        r.End();
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        foreach (ref readonly var request in _pending.AsSpan()) request.AddTo(ref hasher);
        hasher.Add(_regionFull);
        hasher.Add(_forceFull ? 1 : 0);
    }
}
