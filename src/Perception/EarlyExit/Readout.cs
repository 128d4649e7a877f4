namespace EdgeAutonomy.Perception;

/// <summary>What policies need of a readout; float64, one class after the other, so that every machine gives the same bits.</summary>
internal static class Readout
{
    /// <summary>Finds the greatest readout; -1 where none is finite.</summary>
    public static int Top(ReadOnlySpan<float> readout)
    {
        if (readout.Length is 0 or > ClassSet.MaxClasses) throw new ArgumentException($"The readout has {readout.Length} classes, must have 1 to {ClassSet.MaxClasses}.", nameof(readout));
        int top = -1;
        for (int k = 0; k < readout.Length; k++)
        {
            if (float.IsFinite(readout[k]) && (top < 0 || readout[k] > readout[top])) top = k;
        }
        return top;
    }

    /// <summary>Returns how far the greatest lies above the next; above 0 where there is no next.</summary>
    public static double Margin(ReadOnlySpan<float> readout, int top)
    {
        if (top < 0) return double.NegativeInfinity;
        double next = readout.Length == 1 ? 0 : double.NegativeInfinity;
        for (int k = 0; k < readout.Length; k++)
        {
            if (k != top && float.IsFinite(readout[k])) next = Math.Max(next, readout[k]);
        }
        return double.IsFinite(next) ? readout[top] - next : readout[top];
    }

    /// <summary>Returns Σ exp((z − z_top)/α), whose inverse is the softmax of the greatest; 0 where none is finite.</summary>
    public static double Sum(ReadOnlySpan<float> readout, int top, double temperature)
    {
        double sum = 0;
        for (int k = 0; k < readout.Length && top >= 0; k++) sum += Weight(readout, k, top, temperature);
        return sum;
    }

    /// <summary>Returns exp((z − z_top)/α), in [0, 1].</summary>
    public static double Weight(ReadOnlySpan<float> readout, int index, int top, double temperature) =>
        float.IsFinite(readout[index]) ? DeterministicMath.Exp(((double)readout[index] - readout[top]) / temperature) : 0;

    /// <summary>Returns the softmax of the greatest, in [1/classes, 1]; 0 where none is finite.</summary>
    public static double Confidence(ReadOnlySpan<float> readout, int top, double temperature) => top < 0 ? 0 : 1 / Sum(readout, top, temperature);

    /// <summary>Returns 1 − softmax of a class, in [0, 1]: how badly the class fits.</summary>
    public static double Score(ReadOnlySpan<float> readout, int index, int top, double temperature) =>
        top < 0 ? 1 : 1 - Weight(readout, index, top, temperature) / Sum(readout, top, temperature);
}
