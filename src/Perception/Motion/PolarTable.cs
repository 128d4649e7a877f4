using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Direction and logarithm by table: what a search over thousands of image motions per step can afford.</summary>
/// <remarks>Errors stay below 1e-4 of a turn and 1e-4 of the natural logarithm. Plain float32 arithmetic in fixed order: the same on every machine.</remarks>
internal static class PolarTable
{
    private const int Cells = 128;

    // [i] = angle of the direction with |y| / (|x| + |y|) = i / Cells, in turns; [i] = ln(1 + i / Cells). One more each, for the upper end of the last cell.
    private static readonly float[] Angles = Fill(i => DeterministicMath.Atan2(i, Cells - i) / (2 * Math.PI));
    private static readonly float[] Logs = Fill(i => DeterministicMath.Log(1 + i / (double)Cells));

    /// <summary>Returns the angle of (x, y) in turns, in [0, 1); not both zero, finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Turns(float x, float y)
    {
        float across = MathF.Abs(y), place = Cells * across / (MathF.Abs(x) + across);
        int cell = Math.Min((int)place, Cells - 1);
        float angle = Angles[cell] + (place - cell) * (Angles[cell + 1] - Angles[cell]);
        if (x < 0) angle = 0.5f - angle;
        if (y < 0) angle = 1f - angle;
        return angle >= 1f ? 0f : angle;
    }

    /// <summary>Returns the natural logarithm of a positive, finite, normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Log(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value), exponent = (bits >> 23) - 127;
        // The mantissa's 23 bits: seven choose the cell, sixteen say how far into it.
        int cell = bits >> 16 & Cells - 1;
        float part = (bits & 0xFFFF) * (1f / 65536f);
        return exponent * 0.6931472f + (Logs[cell] + part * (Logs[cell + 1] - Logs[cell]));
    }

    private static float[] Fill(Func<int, double> value)
    {
        var table = new float[Cells + 1];
        for (int i = 0; i <= Cells; i++) table[i] = (float)value(i);
        return table;
    }
}
