using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Runtime;

/// <summary>Applies a function to pairs of numbers; the place may be that of an operand of the result's own shape.</summary>
internal sealed class BinaryStep<TFunction>(Broadcast plan, Slot a, Slot b, Slot to) : ManagedStep
    where TFunction : struct, ElementFunctions.IBinary
{
    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Run(Span<float> memory)
    {
        ref float x = ref MemoryMarshal.GetReference(a.In(memory));
        ref float y = ref MemoryMarshal.GetReference(b.In(memory));
        ref float z = ref MemoryMarshal.GetReference(to.In(memory));
        Span<int> index = stackalloc int[8]; // the compiler's limit of dimensions
        index.Clear();
        int atA = 0, atB = 0;
        for (int done = 0; done < to.Count; done += plan.Run)
        {
            Row(ref Unsafe.Add(ref x, atA), ref Unsafe.Add(ref y, atB), ref Unsafe.Add(ref z, done));
            for (int d = 0; d < plan.Extents.Length; d++)
            {
                atA += plan.StridesA[d];
                atB += plan.StridesB[d];
                if (++index[d] < plan.Extents[d]) break;
                atA -= index[d] * plan.StridesA[d];
                atB -= index[d] * plan.StridesB[d];
                index[d] = 0;
            }
        }
    }

    private void Row(ref float x, ref float y, ref float z)
    {
        int i = 0, n = plan.Run;
        if (Vector512.IsHardwareAccelerated) i = Row<Lanes16>(ref x, ref y, ref z, i, n);
        if (Vector256.IsHardwareAccelerated) i = Row<Lanes8>(ref x, ref y, ref z, i, n);
        if (Vector128.IsHardwareAccelerated) i = Row<Lanes4>(ref x, ref y, ref z, i, n);
        Row<ScalarLane>(ref x, ref y, ref z, i, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Row<T>(ref float x, ref float y, ref float z, int i, int n) where T : struct, ILanes<T>
    {
        if (plan.StepA == 1 && plan.StepB == 1)
        {
            for (; i <= n - T.Count; i += T.Count) T.Store(TFunction.Run(T.Load(ref Unsafe.Add(ref x, i)), T.Load(ref Unsafe.Add(ref y, i))), ref Unsafe.Add(ref z, i));
        }
        else if (plan.StepA == 1)
        {
            for (T b = T.Of(y); i <= n - T.Count; i += T.Count) T.Store(TFunction.Run(T.Load(ref Unsafe.Add(ref x, i)), b), ref Unsafe.Add(ref z, i));
        }
        else
        {
            // Two operands that both stand still would be a run of one, which counts as moving.
            for (T a = T.Of(x); i <= n - T.Count; i += T.Count) T.Store(TFunction.Run(a, T.Load(ref Unsafe.Add(ref y, i))), ref Unsafe.Add(ref z, i));
        }
        return i;
    }
}
