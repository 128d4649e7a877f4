using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Agents;

/// <summary>A robot whose sensors an estimate rests on.</summary>
/// <param name="Robot">Hash of its id.</param>
/// <param name="Evidence">Number of its newest measurement in the estimate, on its own count or clock; compared with its own only.</param>
public readonly record struct TrackSource(ulong Robot, long Evidence);

/// <summary>The robots whose sensors an estimate rests on: at most <see cref="Capacity"/>, by hash.</summary>
[InlineArray(Capacity)]
public struct TrackSources : IEquatable<TrackSources>
{
    /// <summary>The most sources that are kept apart.</summary>
    public const int Capacity = 8;

    private TrackSource _first;

    /// <summary>Makes a set of one.</summary>
    public static TrackSources Of(ulong robot, long evidence)
    {
        var s = default(TrackSources);
        s[0] = new TrackSource(robot, evidence);
        return s;
    }

    /// <summary>Returns how many there are; a hash of 0 ends them.</summary>
    public readonly int Count()
    {
        int count = 0;
        while (count < Capacity && this[count].Robot != 0) count++;
        return count;
    }

    /// <summary>Returns whether another set holds a measurement that this one does not.</summary>
    public readonly bool LacksAnyOf(in TrackSources other)
    {
        for (int i = 0; i < Capacity && other[i].Robot != 0; i++)
        {
            if (EvidenceOf(other[i].Robot) < other[i].Evidence) return true;
        }
        return false;
    }

    /// <summary>Returns the newest measurement of a robot; <see cref="long.MinValue"/> = none.</summary>
    public readonly long EvidenceOf(ulong robot)
    {
        for (int i = 0; i < Capacity && this[i].Robot != 0; i++)
        {
            if (this[i].Robot == robot) return this[i].Evidence;
        }
        return long.MinValue;
    }

    /// <summary>Takes another set in. When there is no room the new robots are left out: their next estimate counts as new again, which covariance intersection bears.</summary>
    public void Union(in TrackSources other)
    {
        for (int i = 0; i < Capacity && other[i].Robot != 0; i++)
        {
            int place = 0;
            while (place < Capacity && this[place].Robot != 0 && this[place].Robot < other[i].Robot) place++;
            if (place < Capacity && this[place].Robot == other[i].Robot)
            {
                this[place] = this[place] with { Evidence = Math.Max(this[place].Evidence, other[i].Evidence) };
                continue;
            }
            int count = Count();
            if (count == Capacity) continue;
            for (int k = count; k > place; k--) this[k] = this[k - 1];
            this[place] = other[i];
        }
    }

    /// <inheritdoc/>
    public readonly bool Equals(TrackSources other)
    {
        for (int i = 0; i < Capacity; i++)
        {
            if (this[i] != other[i]) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is TrackSources other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => this[0].Robot.GetHashCode();

    /// <summary>Tells whether two sets are equal.</summary>
    public static bool operator ==(TrackSources a, TrackSources b) => a.Equals(b);

    /// <summary>Tells whether two sets differ.</summary>
    public static bool operator !=(TrackSources a, TrackSources b) => !a.Equals(b);
}
