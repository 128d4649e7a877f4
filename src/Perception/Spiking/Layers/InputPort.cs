namespace EdgeAutonomy.Perception;

/// <summary>Brings what a caller gives into the network's input signal: sorted, merged, in range, finite.</summary>
internal sealed unsafe class InputPort(Signal signal)
{
    private readonly int _elements = signal.Layout.Elements;
    private readonly bool _isBinary = signal.Kind == SignalKind.Binary;

    /// <summary>Sets the active inputs; values may be empty = 1 each.</summary>
    /// <returns>How many were dropped.</returns>
    internal long Set(ReadOnlySpan<int> active, ReadOnlySpan<float> values)
    {
        Clear();
        // Most callers give an ascending list without repetitions: then it is only copied.
        if (values.Length == 0 && TryCopy(active)) return 0;
        long dropped = 0;
        ulong* bits = signal.Bits;
        bool ones = true;
        for (int k = 0; k < active.Length; k++)
        {
            int i = active[k];
            float value = values.Length == 0 ? 1 : values[k];
            if ((uint)i >= (uint)_elements || !float.IsFinite(value))
            {
                dropped++;
                continue;
            }
            if (value == 0) continue;
            bits[i >> 6] |= 1UL << i;
            if (_isBinary) continue;
            signal.Values[i] += value;
            ones &= signal.Values[i] == 1;
        }
        signal.ListBits();
        if (!_isBinary && !ones) DropZeros(ref dropped);
        signal.IsOnes = _isBinary || ones;
        return dropped;
    }

    /// <summary>Sets every input.</summary>
    /// <returns>How many were dropped.</returns>
    internal long SetDense(ReadOnlySpan<float> values)
    {
        Clear();
        long dropped = 0;
        bool ones = true;
        ulong* bits = signal.Bits;
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            if (value == 0) continue;
            if (!float.IsFinite(value))
            {
                dropped++;
                continue;
            }
            bits[i >> 6] |= 1UL << i;
            if (_isBinary) continue;
            signal.Values[i] = value;
            ones &= value == 1;
        }
        signal.ListBits();
        signal.IsOnes = _isBinary || ones;
        return dropped;
    }

    private bool TryCopy(ReadOnlySpan<int> active)
    {
        int last = -1, n = 0;
        int* list = signal.List;
        foreach (int i in active)
        {
            if (i <= last || i >= _elements)
            {
                // What was copied so far goes again: the slow way starts from nothing.
                signal.Count = n;
                Clear();
                return false;
            }
            list[n++] = last = i;
            signal.Bits[i >> 6] |= 1UL << i;
        }
        signal.Count = n;
        signal.IsOnes = true;
        if (_isBinary) return true;
        for (int k = 0; k < n; k++) signal.Values[list[k]] = 1;
        return true;
    }

    // Bits and values are cleared where the last step set them.
    private void Clear()
    {
        for (int k = 0; k < signal.Count; k++)
        {
            int i = signal.List[k];
            signal.Bits[i >> 6] = 0;
            if (!_isBinary) signal.Values[i] = 0;
        }
        signal.Count = 0;
    }

    // Values that add up to 0 are no input; sums that overflow are dropped.
    private void DropZeros(ref long dropped)
    {
        int n = 0;
        for (int k = 0; k < signal.Count; k++)
        {
            int i = signal.List[k];
            float value = signal.Values[i];
            if (value != 0 && float.IsFinite(value)) signal.List[n++] = i;
            else
            {
                signal.Bits[i >> 6] &= ~(1UL << i);
                signal.Values[i] = 0;
                if (value != 0) dropped++;
            }
        }
        signal.Count = n;
    }
}
