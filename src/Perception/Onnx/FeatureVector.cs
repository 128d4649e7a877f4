using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>What a network made of a sample: numbers whose meaning the network and the policy behind it agree on.</summary>
/// <param name="count">How many numbers; 1 or more.</param>
public sealed class FeatureVector(int count) : IPayload, IFreezable
{
    /// <summary>Gets the numbers.</summary>
    public float[] Values { get; } = count >= 1 ? new float[count] : throw new ArgumentOutOfRangeException(nameof(count), count, $"A feature vector of {count} numbers; must have 1 or more.");

    /// <summary>Events of the packet.</summary>
    public int EventCount;

    /// <summary>Gets the index of the greatest number, the lowest of several; the class that a classifier chose.</summary>
    public int Greatest
    {
        get
        {
            int best = 0;
            for (int i = 1; i < Values.Length; i++)
            {
                if (Values[i] > Values[best]) best = i;
            }
            return best;
        }
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        foreach (float value in Values) hasher.Add(value);
        hasher.Add(EventCount);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(EventCount);
        w.WriteSpan<float>(Values);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Feature vector");
        EventCount = r.Read<int>();
        r.ReadSpan<float>(Values);
        r.End();
    }
}
