using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Runtime;

/// <summary>Multiplies each channel by a number and adds one: a normalisation whose statistics are known.</summary>
internal sealed class ChannelScaleStep(float[] scale, float[] shift, int run, Slot from, Slot to) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        ref float x = ref MemoryMarshal.GetReference(from.In(memory));
        ref float y = ref MemoryMarshal.GetReference(to.In(memory));
        for (int at = 0, channel = 0; at < to.Count; at += run)
        {
            Row(ref Unsafe.Add(ref x, at), ref Unsafe.Add(ref y, at), scale[channel], shift[channel]);
            if (++channel == scale.Length) channel = 0;
        }
    }

    private void Row(ref float x, ref float y, float factor, float offset)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated) i = Row<Lanes16>(ref x, ref y, factor, offset, i);
        if (Vector256.IsHardwareAccelerated) i = Row<Lanes8>(ref x, ref y, factor, offset, i);
        if (Vector128.IsHardwareAccelerated) i = Row<Lanes4>(ref x, ref y, factor, offset, i);
        Row<ScalarLane>(ref x, ref y, factor, offset, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Row<T>(ref float x, ref float y, float factor, float offset, int i) where T : struct, ILanes<T>
    {
        T a = T.Of(factor), b = T.Of(offset);
        for (; i <= run - T.Count; i += T.Count) T.Store(T.Load(ref Unsafe.Add(ref x, i)) * a + b, ref Unsafe.Add(ref y, i));
        return i;
    }
}
